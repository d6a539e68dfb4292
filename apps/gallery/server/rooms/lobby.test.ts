import { expect, it } from 'vitest';
import type { OpenRoom } from '../../shared/rooms/open-room.js';
import { keepLobby } from './lobby.js';

function open() {
  let rooms: { readonly name: string; readonly players: number }[] = [];
  let fails = false;
  const acts: string[] = [];
  const stored = new Map<string, OpenRoom>();
  const act = async (what: string, work: () => void): Promise<void> => {
    acts.push(what);
    if (fails) throw new Error('The store is away.');
    work();
  };
  const update = keepLobby({
    list: () => rooms,
    channel: {
      put: (key, room) => act(`put ${key}`, () => void stored.set(key, room)),
      delete: (key) => act(`delete ${key}`, () => void stored.delete(key)),
    },
  });
  return {
    stored,
    /** The acts that it takes until these rooms are stored. */
    become: async (...next: typeof rooms) => {
      rooms = next;
      acts.length = 0;
      await update();
      return [...acts];
    },
    fail: (does: boolean) => (fails = does),
  };
}

it('stores rooms as they open, fill and end, and nothing where nothing has changed', async () => {
  const { become, stored } = open();
  const [main, attic] = [
    { name: 'arena/main', players: 3 },
    { name: 'four/attic', players: 1 },
  ];
  expect(await become(main, attic)).toEqual(['put arena/main', 'put four/attic']);
  expect([...stored.values()]).toEqual([
    { game: 'arena', players: 3, of: 100, state: 'open' },
    { game: 'four', players: 1, of: 2, state: 'waiting' },
  ]);
  expect(await become(main, attic)).toEqual([]);
  expect(await become(main, { ...attic, players: 2 })).toEqual(['put four/attic']);
  expect(stored.get('four/attic')).toMatchObject({ state: 'full' });
  expect(await become({ ...attic, players: 2 })).toEqual(['delete arena/main']);
  expect(await become({ name: 'chat/lobby', players: 1 })).toEqual(['delete four/attic']);
});

it('tries again what could not be stored', async () => {
  const { become, stored, fail } = open();
  fail(true);
  await become({ name: 'arena/main', players: 0 });
  expect(stored.size).toBe(0);
  fail(false);
  await become({ name: 'arena/main', players: 0 });
  expect([...stored.keys()]).toEqual(['arena/main']);
});
