import { createServer, memory } from '@longwave/node';
import type { MemoryStore, Relay, Store } from '@longwave/core';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import type { TransportName } from './client.js';
import { type PlayedRoom, type RoomLogic, play } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { type E, type I, type State, arena, channels, final, logic } from './testing/arena.js';

/** The store as one of several nodes has it: it stays when that node closes. */
function shared(store: MemoryStore, relay: Relay = store.relay): Store {
  const of = <Name extends 'append' | 'compact' | 'read' | 'bounds' | 'watch' | 'expire'>(name: Name): Store[Name] =>
    (store[name] as (...args: unknown[]) => unknown).bind(store) as Store[Name];
  return {
    ...{ durability: store.durability, announcements: store.announcements, relay, close: () => undefined },
    ...{ append: of('append'), compact: of('compact')!, read: of('read'), bounds: of('bounds') },
    ...{ watch: of('watch'), expire: of('expire') },
  };
}

/** A node of those that share `store`. */
async function start(store: Store, rules: Partial<RoomLogic<E, I, State>> = {}) {
  const rooms = serveRooms(channels, { 'arena/:id': { ...logic, ...rules }, 'arena/final': final, 'hall/:id': logic });
  const logged: string[] = [];
  const logger = { error: (message: string) => void logged.push(message), info: () => undefined };
  const server = createServer({ channels, rooms, logger, store, authenticate: (user) => ({ user }) });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const open = (token: string, transport?: TransportName) => {
    const client = connect<typeof channels>(`http://127.0.0.1:${port}`, {
      token,
      onDiagnostic: () => undefined,
      ...(transport && { transport }),
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { rooms, server, open, logged, port };
}

const own = (played: PlayedRoom<E, I>): Record<string, number> => played.draw().own as Record<string, number>;
const idsIn = (played: PlayedRoom<E, I>): number[] =>
  [...played.draw().entities.player.keys()].toSorted((a, b) => a - b);
const placeOf = (played: PlayedRoom<E, I>, id: number | undefined): number =>
  played.draw().entities.player.get(id!)?.x ?? Number.NaN;

it.each(['websocket', 'stream', 'poll'] as const)(
  'ROOM-6: a room is on one node, and seen and played in from the others over %s',
  async (transport) => {
    const store = memory();
    const [a, b] = [await start(shared(store)), await start(shared(store))];
    const mine = play(a.open('ada').channel('arena/3'), arena, { player: {}, predict: logic });
    await mine.ready;
    const theirs = play(b.open('bob', transport).channel('arena/3'), arena, { player: {}, predict: logic });
    const watched = play(b.open('eve', transport).channel('arena/3'), arena);
    await Promise.all([theirs.ready, watched.ready]);
    expect([...a.rooms.list(), ...b.rooms.list()]).toHaveLength(1);
    await expect
      .poll(() => [mine, theirs, watched].map(idsIn))
      .toEqual([
        [1, 2],
        [1, 2],
        [1, 2],
      ]);
    for (const [played, dx] of [
      [mine, 1],
      [theirs, -1],
    ] as const)
      played.hold('move', { dx, dy: 0 });
    await expect.poll(() => Math.min(own(mine)['x']! - 550, 450 - own(theirs)['x']!)).toBeGreaterThan(0);
    for (const played of [mine, theirs]) played.hold('move');
    // All see the same in the end, and who plays has predicted it.
    await expect
      .poll(() =>
        [mine, theirs, watched].every((one) =>
          [mine, theirs].every((each) => Math.abs(placeOf(one, each.player) - own(each)['x']!) < 0.2),
        ),
      )
      .toBe(true);
    for (const { rooms } of [a, b])
      await expect.poll(() => rooms.find()).toMatchObject([{ name: 'arena/3', players: 2, maxPlayers: 3 }]);
    expect([mine, theirs, watched].map(({ stats }) => stats.desyncs)).toEqual([0, 0, 0]);
    expect([a, b].flatMap(({ logged }) => logged)).toEqual([]);
  },
);

it('ROOM-7: a node that drains hands its rooms on, and everything in them goes on as it was', async () => {
  const store = memory();
  const [a, b] = [await start(shared(store)), await start(shared(store))];
  const mine = play(b.open('ada').channel('arena/1'), arena, { player: {} });
  await mine.ready;
  const theirs = play(a.open('bob').channel('arena/1'), arena, { player: {}, predict: logic });
  await theirs.ready;
  expect(b.rooms.list()).toHaveLength(1);
  theirs.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => placeOf(theirs, theirs.player)).toBeGreaterThan(520);
  const { tick } = b.rooms.list()[0]!;
  const places: number[] = [];
  const look = setInterval(() => places.push(placeOf(theirs, theirs.player)), 10);
  onTestFinished(() => clearInterval(look));
  await b.server.close({ drain: 200 });
  await expect.poll(() => a.rooms.list()[0]?.tick ?? 0).toBeGreaterThan(tick);
  await expect.poll(() => placeOf(theirs, theirs.player)).toBeGreaterThan(560);
  // Never back to where a new room begins.
  const known = places.filter((x) => !Number.isNaN(x));
  expect(Math.min(...known)).toBeGreaterThan(515);
  expect(idsIn(theirs)).toContain(theirs.player);
  expect([a, b].flatMap(({ logged }) => logged)).toEqual([]);
});

it('ROOM-8: a node that others take for gone gives its rooms up, and all see one room again', async () => {
  const store = memory();
  let isCut = false;
  const cut: Relay = {
    send: (topic, data) => void (isCut || store.relay.send(topic, data)),
    listen: (topic, hear) => store.relay.listen(topic, (data) => void (isCut || hear(data))),
  };
  const [a, b] = [await start(shared(store, cut)), await start(shared(store))];
  const mine = play(a.open('ada').channel('arena/1'), arena, { player: {} });
  await mine.ready;
  const theirs = play(b.open('bob').channel('arena/1'), arena, { player: {} });
  await theirs.ready;
  expect(a.rooms.list()).toHaveLength(1);
  isCut = true;
  await expect.poll(() => b.rooms.list().length).toBe(1);
  await expect.poll(() => a.rooms.list().length).toBe(0);
  isCut = false;
  await expect
    .poll(() => [mine, theirs].map(idsIn))
    .toEqual([
      [1, 2],
      [1, 2],
    ]);
  theirs.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => placeOf(mine, theirs.player)).toBeGreaterThan(520);
});

it('rooms are made with options, found by what their rules tell, and their names are taken', async () => {
  const store = memory();
  const rules: Partial<RoomLogic<E, I, State>> = {
    create: ({ options }) => ({
      player: new Map(),
      wall: new Map([[1, { x: (options as { at: number } | undefined)?.at ?? 0, y: 0 }]]),
    }),
    about: (state) => ({ at: state.wall.get(1)!.x }),
  };
  const [a, b] = [await start(shared(store), rules), await start(shared(store), rules)];
  const name = await a.rooms.create('arena/:id', { options: { at: 77 } });
  expect(name).toMatch(/^arena\/.{22}$/);
  expect(await b.rooms.create('arena/:id', { params: { id: 'x' } })).toBe('arena/x');
  const secret = await a.rooms.create('arena/:id', { isPrivate: true });
  expect(secret).toMatch(/^arena\/[A-HJKMNP-Z2-9]{6}$/);
  await expect(a.rooms.create('arena/:id', { params: { id: 'x' } })).rejects.toMatchObject({ code: 'conflict' });
  await expect(a.rooms.create('chat')).rejects.toThrow(/no room 'chat'/);
  await expect(a.rooms.create('arena/:id', { options: 'x'.repeat(5000) })).rejects.toThrow(RangeError);
  await expect(a.rooms.create('arena/:id', { params: { id: 'final' } })).rejects.toThrow(/no name/);
  const watched = play(b.open('ada').channel(name as 'arena/1'), arena);
  await watched.ready;
  expect([...watched.draw().entities.wall]).toEqual([[1, { x: 77, y: 0 }]]);
  const where = ({ about }: { about?: unknown }): boolean => (about as { at: number } | undefined)?.at === 77;
  for (const { rooms } of [a, b]) {
    await expect.poll(() => rooms.find({ pattern: 'arena/:id', where })).toMatchObject([{ name, players: 0 }]);
    expect(rooms.find({ pattern: 'hall/:id' })).toEqual([]);
    expect(rooms.find().map((room) => room.name)).not.toContain(secret);
  }
});

it.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('a mistake of the application');
    },
  ],
  ['gives too much', () => 'x'.repeat(2000)],
])('a room whose `about` %s goes on, is listed without it, and that is told of once', async (_, about) => {
  const node = await start(shared(memory()), { about });
  const mine = play(node.open('ada').channel('arena/1'), arena, { player: {}, predict: logic });
  await mine.ready;
  await expect.poll(() => node.logged.length).toBe(1);
  const [{ tick } = { tick: 0 }] = node.rooms.list();
  // More than the second after which it is asked for again.
  await expect.poll(() => node.rooms.list()[0]?.tick).toBeGreaterThan(tick + 90);
  await expect.poll(() => node.rooms.find()).toMatchObject([{ name: 'arena/1', players: 1 }]);
  expect(node.rooms.find()[0]).not.toHaveProperty('about');
  expect(node.logged).toHaveLength(1);
});
