import { createServer } from '@longwave/node';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import { type PlayedRoom, play } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { type E, type I, arena, channels, final, logic } from './testing/arena.js';
import { sharedStores } from './testing/shared-stores.js';

const idsIn = (played: PlayedRoom<E, I>): number[] =>
  [...played.draw().entities.player.keys()].toSorted((a, b) => a - b);
const of = (played: PlayedRoom<E, I>, id: number | undefined) => played.draw().entities.player.get(id!);

/** Real servers of Redis and NATS: the relay of each carries the rooms of two nodes. */
it.each(['redis', 'nats'])('ROOM-6, ROOM-7: over %s two nodes have one room, and it moves', async (kind) => {
  const store = await sharedStores[kind]!();
  const start = async () => {
    const logged: unknown[] = [];
    const rooms = serveRooms(channels, { 'arena/:id': logic, 'arena/final': final, 'hall/:id': logic });
    const server = createServer({
      ...{ channels, rooms, store: store(), authenticate: (user) => ({ user }) },
      logger: { error: (message, error) => void logged.push(message, error), info: () => undefined },
    });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const enter = async (token: string) => {
      const url = `http://127.0.0.1:${port}`;
      const client = connect<typeof channels>(url, { token, onDiagnostic: () => undefined });
      onTestFinished(() => client.close());
      const played = play(client.channel('arena/1'), arena, { player: {}, predict: logic });
      await played.ready;
      return played;
    };
    return { server, rooms, enter, logged };
  };
  const nodes = [await start(), await start()];
  const [a, b] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
  const mine = await a.enter('ada');
  const theirs = await b.enter('bob');
  expect(nodes.map(({ rooms }) => rooms.list().length)).toEqual([1, 0]);
  for (const played of [mine, theirs]) await expect.poll(() => idsIn(played)).toEqual([1, 2]);
  theirs.hold('move', { dx: 1, dy: 0 });
  await expect.poll(() => of(mine, theirs.player)?.x).toBeGreaterThan(520);
  theirs.input('shoot', {});
  await expect.poll(() => of(mine, theirs.player)?.shots).toBe(1);
  for (const { rooms } of nodes)
    await expect.poll(() => rooms.find()).toMatchObject([{ name: 'arena/1', players: 2, node: a.server.engine.node }]);
  const { tick } = a.rooms.list()[0]!;
  await a.server.close({ drain: 100 });
  await expect.poll(() => b.rooms.list()[0]?.tick ?? 0).toBeGreaterThan(tick);
  const { x } = of(theirs, theirs.player)!;
  expect(x).toBeGreaterThan(520);
  await expect.poll(() => of(theirs, theirs.player)?.x).toBeGreaterThan(x + 20);
  theirs.input('shoot', {});
  await expect.poll(() => of(theirs, theirs.player)?.shots).toBe(2);
  expect(nodes.flatMap(({ logged }) => logged)).toEqual([]);
});
