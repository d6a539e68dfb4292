import { choice, flag, real, text, whole } from '../contract/fields.js';
import type { RoomLogic } from '../contract/logic.js';
import { type Entities, room } from '../contract/room.js';

/** A room with something of everything. */
export const arena = room({
  entities: {
    player: {
      x: real(0, 2000, 0.1),
      y: real(0, 2000, 0.1),
      angle: real(-Math.PI, Math.PI, 0.01),
      hp: whole(0, 100),
      alive: flag(),
      team: choice('red', 'blue'),
      name: text(20),
    },
    rock: { x: real(0, 2000, 1), y: real(0, 2000, 1) },
    score: { points: whole(-1000, 1000) },
  },
  inputs: { move: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) }, shoot: { at: real(-Math.PI, Math.PI, 0.01) } },
  tick: 60,
  send: 20,
  nearby: { radius: 300 },
});

type Kinds = (typeof arena)['entities'];
/** `aims`: where the second player was for who shot, and where it was then. */
export type ArenaState = Entities<Kinds> & { shots: number; aims: { seen: number; is: number }[] };

export const logic: RoomLogic<Kinds, (typeof arena)['inputs'], ArenaState> = {
  create: () => ({ player: new Map(), rock: new Map(), score: new Map(), shots: 0, aims: [] }),
  join: (state, { id, user }) => {
    const name = user ?? '';
    state.player.set(id, { x: 1000, y: 1000, angle: 0, hp: 100, alive: true, team: 'red', name });
  },
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { isServer, emit, seenBy }) => {
    for (const [id, made] of inputs) {
      const player = state.player.get(id);
      if (!player) continue;
      for (const input of made) {
        if (input.kind === 'move') {
          player.x = Math.max(0, Math.min(2000, player.x + input.dx * 200 * dt));
          player.y = Math.max(0, Math.min(2000, player.y + input.dy * 200 * dt));
        } else if (isServer) {
          state.shots++;
          const [seen, is] = [seenBy(id).at('player', 2), state.player.get(2)];
          if (seen && is) state.aims.push({ seen: seen.x, is: is.x });
          emit('shot', { by: id });
        }
      }
    }
  },
};
