import { defineChannels, log } from '@longwave/protocol';
import { type Entities, type RoomLogic, real, room, whole } from '../rooms.js';

export const arena = room({
  entities: {
    player: { x: real(0, 1000, 0.1), y: real(0, 1000, 0.1), shots: whole(0, 1000) },
    wall: { x: real(0, 1000, 1), y: real(0, 1000, 1) },
  },
  inputs: { move: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) }, shoot: {} },
  tick: 60,
  send: 20,
  maxPlayers: 3,
});
/** The same, with players who are gone soon. */
export const hall: typeof arena = { ...arena, presence: { ...arena.presence, graceMs: 1000 } };
export type E = (typeof arena)['entities'];
export type I = (typeof arena)['inputs'];
export type State = Entities<E>;

export const logic: RoomLogic<E, I, State> = {
  create: ({ params }) => ({ player: new Map(), wall: new Map([[7, { x: Number(params['id']), y: 5 }]]) }),
  join: (state, { id }) => void state.player.set(id, { x: 500, y: 500, shots: 0 }),
  leave: (state, { id }) => void state.player.delete(id),
  step: (state, inputs, dt, { emit, isServer }) => {
    for (const [id, made] of inputs) {
      const player = state.player.get(id);
      for (const input of player ? made : []) {
        if (input.kind === 'move') player!.x += input.dx * 100 * dt;
        else {
          player!.shots++;
          if (isServer) emit('shot', { by: id });
        }
      }
    }
  },
};

/** A room whose name a pattern fits as well: the name in the contract that has more of it is meant (CH-2). */
export const final: typeof logic = {
  ...logic,
  create: () => ({ player: new Map(), wall: new Map([[1, { x: 999, y: 0 }]]) }),
};

export const channels = defineChannels({ 'arena/:id': arena, 'arena/final': arena, 'hall/:id': hall, chat: log() });
