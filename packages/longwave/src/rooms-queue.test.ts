import { expect, it } from 'vitest';
import { type MatchQueue, type QueueOptions, serveRooms } from './rooms-server.js';
import { type createTestWorld as Create, createTestWorld } from './testing.js';
import { channels, final, logic } from './testing/arena.js';

const duel: QueueOptions = { pattern: 'arena/:id', size: 2, spread: { start: 50, perSecond: 25, most: 400 } };

/** Nodes with a queue each, of one name. */
function start(nodes = 2, options: Partial<QueueOptions> = {}) {
  const queues: MatchQueue[] = [];
  const served: ReturnType<typeof serveRooms>[] = [];
  const world = createTestWorld({
    ...{ channels, nodes },
    rooms: () => {
      const rooms = serveRooms(channels, { 'arena/:id': logic, 'arena/final': final, 'hall/:id': logic });
      served.push(rooms);
      queues.push(rooms.queue('duels', { ...duel, ...options }));
      return rooms;
    },
  });
  return { world, queues, served };
}
type World = ReturnType<typeof Create>;
const seconds = (world: Pick<World, 'advance'>, count: number): Promise<void> => world.advance(count * 1000);

it('brings players of two nodes together in one room, those who are most alike', async () => {
  const { world, queues, served } = start();
  const [a, b] = queues as [MatchQueue, MatchQueue];
  await seconds(world, 6);
  const games = [
    a.enter({ players: ['ada'], rating: 1000 }),
    b.enter({ players: ['bob'], rating: 1300 }),
    b.enter({ players: ['eve'], rating: 1010 }),
  ];
  await seconds(world, 2);
  const [first, third] = await Promise.all([games[0]!, games[2]!]);
  expect(first).toEqual(third);
  expect(first.players.toSorted()).toEqual(['ada', 'eve']);
  expect(first.room).toMatch(/^arena\/.{6}$/);
  expect([a.waiting, b.waiting]).toEqual([1, 1]);
  // The player who is left waits on, and is matched with somebody further away in the end.
  const last = a.enter({ players: ['joe'], rating: 1500 });
  await seconds(world, 4);
  expect(a.waiting).toBe(2);
  await seconds(world, 6);
  expect((await last).room).toBe((await games[1]!).room);
  expect([a.waiting, b.waiting]).toEqual([0, 0]);
  expect(served.flatMap((rooms) => rooms.find())).toEqual([]);
});

it('keeps a party together, and refuses who waits already', async () => {
  const { world, queues } = start(1, { size: 3, make: (players) => ({ params: { id: `of-${players.length}` } }) });
  const [queue] = queues as [MatchQueue];
  await seconds(world, 1);
  const party = queue.enter({ players: ['ada', 'bob'] });
  await seconds(world, 1);
  await expect(queue.enter({ players: ['bob'] })).rejects.toMatchObject({ code: 'conflict' });
  const alone = queue.enter({ players: ['eve'] });
  await seconds(world, 1);
  expect(await party).toEqual(await alone);
  expect((await party).room).toBe('arena/of-3');
});

it('lets go of who leaves, whose node dies, and of all when it closes', async () => {
  const { world, queues } = start(2);
  const [a, b] = queues as [MatchQueue, MatchQueue];
  await seconds(world, 6);
  const leaving = new AbortController();
  const left = a.enter({ players: ['ada'], signal: leaving.signal });
  left.catch(() => undefined);
  await seconds(world, 1);
  leaving.abort(new Error('had enough'));
  await expect(left).rejects.toThrow('had enough');
  void b.enter({ players: ['bob'] }).catch(() => undefined);
  await world.settle();
  world.nodes[1]!.crash();
  await seconds(world, 30);
  const waits = a.enter({ players: ['eve'] });
  waits.catch(() => undefined);
  await seconds(world, 2);
  expect(a.waiting).toBe(1);
  await world.nodes[0]!.close();
  await expect(waits).rejects.toMatchObject({ code: 'going-away' });
});

it('goes on with tickets that a node had claimed when it died', async () => {
  const { world, queues } = start(3);
  await seconds(world, 6);
  const games = queues.map((queue, i) => queue.enter({ players: [`p${i}`] }));
  for (const game of games) game.catch(() => undefined);
  // Whichever brings them together: it is in the midst of it, or has done it.
  const leader = world.nodes.toSorted((x, y) => (x.id! < y.id! ? -1 : 1))[0]!;
  await world.advance(200);
  leader.crash();
  await seconds(world, 40);
  const ended = await Promise.race([...games.filter((_, i) => world.nodes[i] !== leader), Promise.resolve(undefined)]);
  expect(ended?.players).toHaveLength(2);
});

it.each<[string, Partial<QueueOptions>, RegExp]>([
  ['a size', { size: 0 }, /size/],
  ['a spread', { spread: { start: -1, perSecond: 1, most: 1 } }, /start/],
  ['a room', { pattern: 'chat' }, /no room 'chat'/],
])('refuses %s that cannot be', (_, options, message) => {
  expect(() => start(1, options)).toThrow(message);
});

it('refuses tickets that cannot be', async () => {
  const { world, queues } = start(1);
  const [queue] = queues as [MatchQueue];
  await seconds(world, 1);
  for (const players of [[], ['a', 'a'], ['a', 'b', 'c'], [1]] as never[])
    await expect(queue.enter({ players })).rejects.toThrow(/players/);
  await expect(queue.enter({ players: ['a'], rating: Number.NaN })).rejects.toThrow(/rating/);
});
