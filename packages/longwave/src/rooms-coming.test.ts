import { createServer, memory } from '@longwave/node';
import type { Relay, RoomEngine, RoomHost } from '@longwave/core';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import { type RoomLogic, play } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { createTestWorld } from './testing.js';
import { type E, type I, type State, arena, channels, final, logic } from './testing/arena.js';

async function start(rules: Partial<RoomLogic<E, I, State>> = {}) {
  const rooms = serveRooms(channels, { 'arena/:id': { ...logic, ...rules }, 'arena/final': final, 'hall/:id': logic });
  const server = createServer({ channels, rooms, store: memory(), authenticate: (user) => ({ user }) });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return (token: string, transport: 'websocket' | 'stream' | 'poll' = 'websocket') => {
    const url = `http://127.0.0.1:${port}`;
    const client = connect<typeof channels>(url, { token, transport, onDiagnostic: () => undefined });
    onTestFinished(() => client.close());
    return client;
  };
}

it.each(['websocket', 'stream', 'poll'] as const)(
  'ROOM-11: a player that is ready has its entity, over %s',
  async (transport) => {
    const open = await start();
    for (const [user, predict] of [
      ['ada', logic],
      ['bob', undefined],
    ] as const) {
      const played = play(open(user, transport).channel('arena/1'), arena, { player: {}, ...(predict && { predict }) });
      await played.ready;
      expect(played.draw().own).toMatchObject({ x: 500, y: 500 });
    }
    // A spectator who watched before the others came is shown both of them as well.
    const watched = play(open('eve', transport).channel('arena/1'), arena);
    await expect.poll(() => watched.draw().entities.player.size).toBe(2);
    watched.leave();
    const played = play(open('eve', transport).channel('arena/1'), arena, { player: {} });
    await played.ready;
    expect(played.draw().own).toMatchObject({ x: 500 });
  },
);

function withNames() {
  const told: string[] = [];
  const nameOf = (data: unknown): string => (data as { readonly name: string }).name;
  const rules: Partial<RoomLogic<E, I, State>> = {
    join: (state, player) => {
      told.push(`${nameOf(player.data)} came`);
      logic.join!(state, player);
    },
    leave: (state, player) => {
      told.push(`${nameOf(player.data)} left`);
      logic.leave!(state, player);
    },
  };
  return { told, rules };
}

it('ROOM-10: who leaves and enters at once with other data comes anew with those', async () => {
  const { told, rules } = withNames();
  const channel = (await start(rules))('ada').channel('arena/1');
  const first = play(channel, arena, { player: { name: 'Ada' }, predict: logic });
  await first.ready;
  const { player } = first;
  for (let acts = 0; acts < 5; acts++) first.input('shoot', {});
  await expect.poll(() => (first.draw().own as { shots: number }).shots).toBe(5);
  first.leave();
  const second = play(channel, arena, { player: { name: 'Bob' }, predict: logic });
  await second.ready;
  await expect.poll(() => told).toEqual(['Ada came', 'Ada left', 'Bob came']);
  await expect.poll(() => second.player).toBe(player! + 1);
  // The new player's inputs count, each of them once.
  second.input('shoot', {});
  await expect.poll(() => second.draw().entities.player.get(second.player!)?.shots).toBe(1);
  expect((second.draw().own as { shots: number }).shots).toBe(1);
});

it('ROOM-10: other data without leaving come anew too, and being away does not', async () => {
  const { told, rules } = withNames();
  const channel = (await start(rules))('ada').channel('arena/1');
  const played = play(channel, arena, { player: { name: 'Ada' } });
  await played.ready;
  await channel.presence.enter({ name: 'Ada' }, { away: true });
  await channel.presence.enter({ name: 'Bob' }, { away: true });
  await expect.poll(() => told).toEqual(['Ada came', 'Ada left', 'Bob came']);
  await expect.poll(() => played.player).toBe(2);
  await expect.poll(() => [...played.draw().entities.player.keys()]).toEqual([2]);
});

/** Rooms of a node that tell before each message to another one. */
function telling(host: RoomHost, onSend: () => void): RoomHost {
  const tell = (relay: Relay): Relay => ({
    listen: (topic, hear) => relay.listen(topic, hear),
    send: (topic, data) => {
      onSend();
      relay.send(topic, data);
    },
  });
  return {
    start: (engine: RoomEngine) => host.start({ ...engine, relay: engine.relay && tell(engine.relay) }),
    open: (room) => host.open(room),
    input: (name, player, data) => host.input(name, player, data),
    drain: () => host.drain(),
    close: () => host.close(),
  };
}

it('ROOM-6: a subscription that is refused after the room was found leaves nothing between the nodes', async () => {
  let isAllowed = true;
  let sent = 0;
  let starts = 0;
  const world = createTestWorld({
    ...{ channels, nodes: 2, latency: 5, authenticate: (user) => ({ user: user! }) },
    authorize: ({ user }) => user !== 'eve' || isAllowed,
    rooms: () => {
      const host = serveRooms(channels, { 'arena/:id': logic, 'arena/final': final, 'hall/:id': logic });
      if (starts++ === 0) return host;
      return telling(host, () => {
        sent++;
        if (!isAllowed || sent > 1) return;
        // The right is withdrawn while the other node is asked.
        isAllowed = false;
        void world.nodes[1]!.server.user('eve').recheck();
      });
    },
  });
  await world.advance('6s');
  const mine = play(world.connect({ node: 0, token: 'ada' }).channel('arena/1'), arena, {
    ...{ player: {}, clock: world.clock },
  });
  await world.advance('1s');
  expect(mine.player).toBe(1);
  const theirs = play(world.connect({ node: 1, token: 'eve' }).channel('arena/1'), arena, { clock: world.clock });
  let refused: unknown;
  theirs.ready.catch((error: unknown) => (refused = error));
  for (let ms = 0; !refused && ms < 1000; ms += 10) await world.advance(10);
  expect(refused).toMatchObject({ code: 'forbidden' });
  expect(sent).toBe(1);
  await world.advance('3s');
  expect(sent).toBe(1);
});
