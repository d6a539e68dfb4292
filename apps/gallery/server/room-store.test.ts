import type { Store } from 'longwave';
import { expect, it } from 'vitest';
import { keepRooms } from './room-store.js';

type Whole = Required<Store>;
/** How each method of the port is used, and by which stores a channel of a room and any other are served. */
const uses: {
  readonly [Name in Exclude<keyof Whole, 'durability' | 'announcements' | 'relay'>]: (
    store: Whole,
    channel: string,
  ) => unknown;
} = {
  append: (store, channel) => store.append(channel, { payload: '1' }, { count: 1, bytes: 1, ageMs: 1 }),
  compact: (store, channel) => store.compact(channel, { epoch: 'e', offset: 1, payload: new Uint8Array() }),
  read: (store, channel) => store.read(channel, { limit: 1 }),
  bounds: (store, channel) => store.bounds(channel),
  watch: (store, channel) => store.watch(channel, { announce: () => undefined, learn: () => undefined }),
  expire: (store) => store.expire(),
  check: (store) => store.check(),
  close: (store) => store.close(),
};
const ofAll = ['expire', 'check', 'close'];

function noting(name: string, used: string[]): Store {
  const note = (): never => {
    used.push(name);
    return undefined as never;
  };
  const methods = Object.fromEntries(Object.keys(uses).map((method) => [method, note]));
  return { durability: 'memory', announcements: 'reliable', ...methods } as Partial<Whole> as Store;
}

it.each(Object.entries(uses))('%s reaches the store of the channel, or both', async (method, use) => {
  const used: string[] = [];
  const store = keepRooms({ live: noting('live', used), rooms: noting('rooms', used) });
  await use(store, 'chat/lobby');
  expect(used.toSorted()).toEqual(ofAll.includes(method) ? ['live', 'rooms'] : ['rooms']);
  used.length = 0;
  await use(store, '$versions/board/welcome');
  expect(used.toSorted()).toEqual(ofAll.includes(method) ? ['live', 'rooms'] : ['rooms']);
  used.length = 0;
  await use(store, '@me/ada');
  expect(used.toSorted()).toEqual(ofAll.includes(method) ? ['live', 'rooms'] : ['rooms']);
  used.length = 0;
  await use(store, 'quotes');
  expect(used.toSorted()).toEqual(ofAll.includes(method) ? ['live', 'rooms'] : ['live']);
});
