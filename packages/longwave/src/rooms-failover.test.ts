import { expect, it } from 'vitest';
import { type PlayedRoom, play } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { createTestWorld } from './testing.js';
import { type E, type I, arena, channels, final, logic } from './testing/arena.js';

const wayMs = 10;

/** Three nodes, and a player at each; the room is on the first. Time is the world's: nothing takes any but the network. */
async function start() {
  /** By player: when something that it did counted last. */
  const countedAt = new Map<number, number>();
  const rules: typeof logic = {
    ...logic,
    step: (state, inputs, dt, context) => {
      for (const [id, made] of inputs) if (made.length > 0) countedAt.set(id, world.clock.now());
      logic.step(state, inputs, dt, context);
    },
  };
  const world = createTestWorld({
    ...{ channels, nodes: 3, latency: wayMs },
    authenticate: (user) => ({ user: user! }),
    rooms: () => serveRooms(channels, { 'arena/:id': rules, 'arena/final': final, 'hall/:id': logic }),
  });
  // Until the nodes know each other.
  await world.advance('6s');
  const played: PlayedRoom<E, I>[] = [];
  for (const node of [0, 1, 2]) {
    const client = world.connect({ node, token: `player-${node}` });
    played.push(play(client.channel('arena/1'), arena, { player: {}, clock: world.clock }));
    await world.advance(500);
  }
  await world.advance('8s');
  /** The longest time that nothing counted of what a player did, who acts all the time. */
  const longestPause = async (): Promise<number> => {
    let longest = 0;
    const began = world.clock.now();
    countedAt.clear();
    while (world.clock.now() - began < 3000) {
      for (const one of played) one.input('shoot', {});
      await world.advance(10);
      for (const { player = 0 } of played)
        longest = Math.max(longest, world.clock.now() - (countedAt.get(player) ?? began));
    }
    return longest;
  };
  return { world, played, longestPause };
}

it('ROOM-7: after the crash of its node all play on within half a second and a round trip', async () => {
  const { world, played, longestPause } = await start();
  expect(await longestPause()).toBeLessThan(200);
  world.nodes[0]!.crash();
  expect(await longestPause()).toBeLessThanOrEqual(500 + 2 * wayMs);
  expect(played.map((one) => one.draw().entities.player.size)).toEqual([3, 3, 3]);
});

it('ROOM-7: while its node drains all play on', async () => {
  const { world, played, longestPause } = await start();
  const closed = world.nodes[0]!.close({ drain: '1s' });
  expect(await longestPause()).toBeLessThanOrEqual(200);
  await Promise.all([closed, world.advance('10s')]);
  expect(played.map((one) => one.draw().entities.player.size)).toEqual([3, 3, 3]);
});
