import { createServer, memory } from '@longwave/node';
import type { LongwaveError } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import { type TransportName, binaryCodec } from './client.js';
import { type PlayedRoom, type RoomLogic, play } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { type E, type I, type State, arena, channels, final, hall, logic } from './testing/arena.js';

async function start(rules: Partial<RoomLogic<E, I, State>> = {}) {
  const rooms = serveRooms(channels, { 'arena/:id': { ...logic, ...rules }, 'arena/final': final, 'hall/:id': logic });
  const logged: string[] = [];
  const logger = { error: (message: string) => void logged.push(message), info: () => undefined };
  const server = createServer({
    channels,
    rooms,
    logger,
    store: memory(),
    authenticate: (token) => (token ? { user: token } : {}),
    authorize: ({ action, user }) => action !== 'presence' || user !== undefined,
  });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const open = (token?: string, options: Parameters<typeof connect>[1] = {}) => {
    const client = connect<typeof channels>(`http://127.0.0.1:${port}`, {
      ...(token !== undefined && { token }),
      onDiagnostic: () => undefined,
      ...options,
    });
    onTestFinished(() => client.close());
    return client;
  };
  return { rooms, server, open, logged };
}

const own = (played: PlayedRoom<E, I>): Record<string, number> => played.draw().own as Record<string, number>;
const playersIn = (played: PlayedRoom<E, I>): number => played.draw().entities.player.size;
const transports: readonly TransportName[] = ['websocket', 'stream', 'poll'];
const cases = transports.flatMap((transport) =>
  (['json', 'binary'] as const).map((codec) => [transport, codec] as const),
);

it.each(cases)(
  'ROOM-1, ROOM-2, ROOM-3: a room is joined, seen and acted in over %s as %s',
  async (transport, codec) => {
    const { open, rooms } = await start();
    const options = { transport, ...(codec === 'binary' && { codec: binaryCodec() }) };
    const [ada, bob, eve] = [open('ada', options), open('bob', options), open(undefined, options)];
    const events: unknown[] = [];
    const mine = play(ada.channel('arena/3'), arena, {
      player: {},
      predict: logic,
      onEvent: (event) => events.push(event),
    });
    const theirs = play(bob.channel('arena/3'), arena, { player: {} });
    const watched = play(eve.channel('arena/3'), arena);
    await Promise.all([mine.ready, theirs.ready, watched.ready]);
    expect([...mine.draw().entities.wall]).toEqual([[7, { x: 3, y: 5 }]]);
    expect(new Set([mine.player, theirs.player])).toEqual(new Set([1, 2]));
    expect(watched.player).toBeUndefined();
    await expect.poll(() => [mine, theirs, watched].map(playersIn)).toEqual([2, 2, 2]);
    expect(rooms.list()).toMatchObject([{ name: 'arena/3', players: 2 }]);
    mine.hold('move', { dx: 1, dy: 0 });
    for (let i = 0; i < 3; i++) mine.input('shoot', {});
    await expect.poll(() => own(mine)['x']).toBeGreaterThan(550);
    mine.hold('move');
    const { player } = mine;
    // All see the same in the end.
    await expect
      .poll(() => {
        const places = [theirs, watched].map((one) => one.draw().entities.player.get(player!)!);
        return places.every(({ x, shots }) => Math.abs(x - own(mine)['x']!) < 0.2 && shots === 3);
      })
      .toBe(true);
    await expect.poll(() => events.length).toBe(3);
    expect(events[0]).toMatchObject({ name: 'shot', data: { by: player } });
    theirs.leave();
    await expect.poll(() => [mine, watched].map(playersIn)).toEqual([1, 1]);
    expect([mine.stats.desyncs, theirs.stats.desyncs, watched.stats.desyncs]).toEqual([0, 0, 0]);
  },
);

it('ROOM-4: a player whose connection ends is there for the grace, and goes on where it was', async () => {
  const { open } = await start();
  const ada = open('ada');
  const mine = play(ada.channel('hall/1'), hall, { player: {} });
  const watched = play(open('bob').channel('hall/1'), hall);
  await Promise.all([mine.ready, watched.ready]);
  mine.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => own(mine)['x']).toBeGreaterThan(510);
  const { player } = mine;
  const before = own(mine)['x']!;
  ada.reconnect();
  await expect.poll(() => own(mine)['x']).toBeGreaterThan(before + 10);
  expect(mine.player).toBe(player);
  expect(playersIn(watched)).toBe(1);
  // And after the grace it is gone.
  ada.close();
  expect(playersIn(watched)).toBe(1);
  await expect.poll(() => playersIn(watched)).toBe(0);
});

it('who does not play is shown nothing where players are not shown everything, unless the room says so', async () => {
  const { open } = await start({ visible: (_state, viewer, kind, id) => kind !== 'player' || id === viewer.id });
  const [mine, theirs] = ['ada', 'bob'].map((name) => play(open(name).channel('arena/1'), arena, { player: {} }));
  const watched = play(open('eve').channel('arena/1'), arena);
  await Promise.all([mine!.ready, theirs!.ready, watched.ready]);
  await expect.poll(() => [mine!, theirs!].map(playersIn)).toEqual([1, 1]);
  await expect.poll(() => watched.stats.snapshots).toBeGreaterThan(3);
  const { player, wall } = watched.draw().entities;
  expect([player.size, wall.size]).toEqual([0, 0]);
  expect(mine!.draw().entities.wall.size).toBe(1);
});

it('goes by the rules of the name that is meant', async () => {
  const { open } = await start();
  const watched = play(open('ada').channel('arena/final'), arena);
  await watched.ready;
  expect([...watched.draw().entities.wall]).toEqual([[1, { x: 999, y: 0 }]]);
});

it('CLI-4: a handler that throws is reported, and costs no snapshot', async () => {
  const { open } = await start();
  const errors: unknown[] = [];
  const mine = play(open('ada', { reportError: (error) => errors.push(error) }).channel('arena/1'), arena, {
    player: {},
    onEvent: () => {
      throw new Error('a mistake of the application');
    },
  });
  await mine.ready;
  for (let i = 1; i <= 3; i++) {
    mine.input('shoot', {});
    await expect.poll(() => own(mine)['shots']).toBe(i);
  }
  expect(errors).toHaveLength(3);
  expect(mine.stats.desyncs).toBe(0);
});

it('lets in as many players as there may be, and others when one leaves', async () => {
  const { open, rooms } = await start();
  const played = ['a', 'b', 'c', 'd'].map((name) => play(open(name).channel('arena/1'), arena, { player: {} }));
  await expect.poll(() => played.filter(({ player }) => player !== undefined).length).toBe(3);
  await expect.poll(() => Math.max(...played.map((one) => one.stats.snapshots))).toBeGreaterThan(3);
  expect(rooms.list()[0]!.players).toBe(3);
  played.find(({ player }) => player !== undefined)!.leave();
  await expect.poll(() => played.filter(({ player }) => player !== undefined && player > 3).length).toBe(1);
});

it('refuses who may not play, who is no player of it gets nothing done, and both may watch', async () => {
  const { open } = await start();
  const ended: LongwaveError[] = [];
  const eve = open();
  const refused = play(eve.channel('arena/1'), arena, { player: {}, onEnd: (error) => ended.push(error) });
  await expect(refused.ready).rejects.toMatchObject({ code: 'forbidden' });
  expect(ended).toMatchObject([{ code: 'forbidden' }]);
  const watched = play(open().channel('arena/1'), arena);
  await watched.ready;
  watched.input('shoot', {});
  expect(() => watched.input('fly' as never, {} as never)).not.toThrow();
  expect(playersIn(watched)).toBe(0);
  const twice = open('ada');
  const first = play(twice.channel('arena/1'), arena);
  expect(() => play(twice.channel('arena/1'), arena)).toThrow(/subscribed to/);
  first.leave();
  await play(twice.channel('arena/1'), arena).ready;
});

it('ROOM-5: a step that fails makes the room anew, and ends no connection', async () => {
  let fails = false;
  const { open, logged } = await start({
    step: (...step) => {
      if (fails) throw new Error('a mistake of the application');
      logic.step(...step);
    },
  });
  const ada = open('ada');
  const states: string[] = [];
  ada.onState(({ status }) => void states.push(status));
  const mine = play(ada.channel('arena/1'), arena, { player: {}, predict: logic });
  await mine.ready;
  mine.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => own(mine)['x']).toBeGreaterThan(520);
  states.length = 0;
  fails = true;
  await expect.poll(() => logged.length).toBeGreaterThan(0);
  expect(logged[0]).toMatch(/room arena\/1/);
  mine.hold('move');
  fails = false;
  // It begins where a new room begins, and goes on.
  await expect.poll(() => own(mine)?.['x']).toBe(500);
  mine.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => own(mine)['x']).toBeGreaterThan(530);
  expect(states).toEqual([]);
});

it('is no log and no map: publish, history and watch are refused', async () => {
  const { open, server } = await start();
  const channel = open('ada').channel('arena/1') as never as {
    publish(data: unknown): Promise<unknown>;
    history(): Promise<unknown>;
    put(key: string, data: unknown): Promise<unknown>;
  };
  await expect(channel.publish(1)).rejects.toMatchObject({ code: 'wrong-mode' });
  await expect(channel.put('a', 1)).rejects.toMatchObject({ code: 'wrong-mode' });
  await expect(channel.history()).rejects.toMatchObject({ code: 'wrong-mode' });
  await expect((server.channel('arena/1') as unknown as typeof channel).publish(1)).rejects.toMatchObject({
    code: 'wrong-mode',
  });
  expect(() => createServer({ channels, logger: { error: () => undefined, info: () => undefined } })).toThrow(
    /arena\/:id.*serveRooms/,
  );
});
