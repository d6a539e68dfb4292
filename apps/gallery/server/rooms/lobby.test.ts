import { expect, it } from 'vitest';
import { createServer, defineChannels, map, memory } from 'longwave';
import { OpenRoom } from '../../shared/rooms/open-room.js';
import { keepLobby } from './lobby.js';

interface Room {
  readonly name: string;
  readonly players: number;
  readonly about?: unknown;
}

/** Nodes that share a lobby, each with rooms of its own, and the same knowledge of all. */
function open(nodes = 1) {
  const rooms: Room[][] = Array.from({ length: nodes }, () => []);
  let fails = false;
  const acts: string[] = [];
  const entries = new Map<string, OpenRoom>();
  const act = async (what: string, work: () => void): Promise<void> => {
    acts.push(what);
    if (fails) throw new Error('The store is away.');
    work();
  };
  const updates = rooms.map((_, node) =>
    keepLobby({
      find: () => rooms.flat(),
      own: () => new Set(rooms[node]!.map(({ name }) => name)),
      channel: {
        entries,
        put: (key, room) => act(`put ${key} by ${node}`, () => void entries.set(key, room)),
        delete: (key) => act(`delete ${key} by ${node}`, () => void entries.delete(key)),
      },
    }),
  );
  return {
    entries,
    /** The acts that it takes once these rooms are on the node. */
    become: async (node: number, ...next: readonly Room[]) => {
      rooms[node] = [...next];
      acts.length = 0;
      for (const update of updates) await update();
      return [...acts];
    },
    again: async () => {
      acts.length = 0;
      for (const update of updates) await update();
      return [...acts];
    },
    fail: (does: boolean) => (fails = does),
  };
}

it('stores rooms as they open, fill and end, and nothing where nothing has changed', async () => {
  const { become, again, entries } = open();
  const main = { name: 'arena/main', players: 3, about: 'Ada leads with 4' };
  const attic = { name: 'four/attic', players: 1 };
  expect(await become(0, main, attic)).toEqual(['put arena/main by 0', 'put four/attic by 0']);
  expect([...entries.values()]).toEqual([
    { game: 'arena', players: 3, of: 100, state: 'open', about: 'Ada leads with 4' },
    { game: 'four', players: 1, of: 2, state: 'waiting' },
  ]);
  for (const room of entries.values()) expect(OpenRoom.safeParse(room).success).toBe(true);
  expect(await become(0, main, attic)).toEqual([]);
  expect(await become(0, main, { ...attic, players: 2 })).toEqual(['put four/attic by 0']);
  expect(entries.get('four/attic')).toMatchObject({ state: 'full' });
  expect(await become(0, { ...attic, players: 2 })).toEqual([]);
  expect(await again()).toEqual(['delete arena/main by 0']);
  await become(0, { name: 'chat/lobby', players: 1 });
  expect(await again()).toEqual(['delete four/attic by 0']);
});

it('lists the rooms of all nodes, each told of by its own, and those of a node that is gone no longer', async () => {
  const { become, again, entries } = open(2);
  await become(0, { name: 'arena/main', players: 1 });
  expect(await become(1, { name: 'four/attic', players: 1 })).toEqual(['put four/attic by 1']);
  expect([...entries.keys()]).toEqual(['arena/main', 'four/attic']);
  // It moves: whoever has it tells of it.
  await become(0);
  expect(await become(1, { name: 'four/attic', players: 1 }, { name: 'arena/main', players: 2 })).toEqual([
    'put arena/main by 1',
  ]);
  expect(await again()).toEqual([]);
  expect(entries.get('arena/main')?.players).toBe(2);
  await become(1);
  await again();
  expect(entries.size).toBe(0);
});

it('tries again what could not be stored', async () => {
  const { become, again, entries, fail } = open();
  fail(true);
  await become(0, { name: 'arena/main', players: 0 });
  expect(entries.size).toBe(0);
  fail(false);
  expect(await again()).toEqual(['put arena/main by 0']);
  expect([...entries.keys()]).toEqual(['arena/main']);
});

it('goes by what the server watches of the channel', async () => {
  const server = createServer({ channels: defineChannels({ lobby: map({ value: OpenRoom }) }), store: memory() });
  const channel = server.channel('lobby');
  const { entries, ready } = channel.watch(() => undefined);
  await ready;
  let rooms: readonly Room[] = [{ name: 'arena/main', players: 1 }];
  const update = keepLobby({
    find: () => rooms,
    own: () => new Set(['arena/main']),
    channel: { entries, put: (key, room) => channel.put(key, room), delete: (key) => channel.delete(key) },
  });
  await update();
  await expect.poll(() => entries.get('arena/main')).toMatchObject({ players: 1, state: 'open' });
  rooms = [];
  await update();
  await update();
  await expect.poll(() => entries.size).toBe(0);
  await server.close();
});
