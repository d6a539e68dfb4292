import { defineChannels } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { type Entities, type RoomLogic, play, real, room, text } from './rooms.js';
import { serveRooms } from './rooms-server.js';
import { createTestWorld } from './testing.js';

const arena = room({
  entities: { player: { x: real(0, 10_000, 0.1), word: text(20) } },
  inputs: { move: { dx: real(-1, 1, 0.01) }, say: {} },
  nearby: { radius: 1 },
  spectatorDelay: '5s',
});
type E = (typeof arena)['entities'];
const rules: RoomLogic<E, (typeof arena)['inputs'], Entities<E>> = {
  create: () => ({ player: new Map() }),
  join: (state, { id }) => void state.player.set(id, { x: 0, word: '' }),
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { emit }) => {
    for (const [id, made] of inputs) {
      const player = state.player.get(id);
      for (const input of player ? made : []) {
        if (input.kind === 'move') player!.x += input.dx * 100 * dt;
        else {
          player!.word = 'said';
          emit('said');
        }
      }
    }
  },
};
const channels = defineChannels({ 'arena/:id': arena });

it('ROOM-9: those who do not play see everything, as it was some time ago', async () => {
  const rooms = (): ReturnType<typeof serveRooms> => serveRooms(channels, { 'arena/:id': rules });
  const world = createTestWorld({ channels, nodes: 2, rooms });
  const { clock } = world;
  const mine = play(world.connect({ node: 0 }).channel('arena/1'), arena, { player: {}, clock });
  const heard: number[] = [];
  const onEvent = (): void => void heard.push(world.clock.now());
  // One on the node of the room, and one elsewhere.
  const watching = [0, 1].map((node) => play(world.connect({ node }).channel('arena/1'), arena, { clock, onEvent }));
  await world.advance('1s');
  const saidAt = world.clock.now();
  mine.hold('move', { dx: 1 });
  mine.input('say', {});
  await world.advance('4s');
  const xOf = (played: typeof mine): number | undefined => [...played.draw().entities.player.values()][0]?.x;
  expect(xOf(mine)).toBeGreaterThan(350);
  for (const watched of watching) expect(xOf(watched) ?? 0).toBe(0);
  expect(heard).toEqual([]);
  await world.advance('3s');
  for (const watched of watching) {
    const x = xOf(watched)!;
    expect(x).toBeGreaterThan(100);
    expect(xOf(mine)! - x).toBeGreaterThan(480);
    expect([...watched.draw().entities.player.values()][0]?.word).toBe('said');
    expect(watched.stats.desyncs).toBe(0);
  }
  expect(heard).toHaveLength(2);
  for (const at of heard) expect(at - saidAt).toBeGreaterThan(4900);
  mine.leave();
  await world.advance('2s');
  for (const watched of watching) expect(watched.draw().entities.player.size).toBe(1);
  await world.advance('5s');
  for (const watched of watching) expect(watched.draw().entities.player.size).toBe(0);
});

it.each(['6m', -1, {}])('refuses a delay of %j', (spectatorDelay) => {
  expect(() => room({ entities: {}, inputs: {}, spectatorDelay: spectatorDelay as never })).toThrow(/spectatorDelay/);
});
