import { type Entities, type ValuesOf, flag, real, reference, room, text, whole } from 'longwave/rooms';
import { RoomPlayer } from '../rooms/player.js';
import { size } from './limits.js';

const place = { x: real(0, size, 0.1), y: real(0, size, 0.1) };
/** A step of the room, by its number. */
const step = whole(0, 2 ** 31 - 1);
const speed = real(-1200, 1200, 0.5);

/** The room of the arena game: ships collect sparks and take each other out. */
export const arena = room({
  player: RoomPlayer,
  entities: {
    // #region teach:play-contract
    ship: {
      ...place,
      vx: speed,
      vy: speed,
      angle: real(-Math.PI, Math.PI, 0.05),
      /** Hits that it still takes. 0: it is out, and comes back. */
      shield: whole(0, 3),
      /** Nothing hits it before this step. */
      safeUntil: step,
      dashFrom: step,
    },
    // #endregion
    spark: { x: real(0, size, 1), y: real(0, size, 1), worth: whole(1, 3) },
    beam: { x: real(0, size, 1), y: real(0, size, 1), toX: real(0, size, 1), toY: real(0, size, 1), by: reference() },
    /** Without a place: told to all. */
    score: { name: text(16), points: whole(0, 9999), isBot: flag() },
    round: { until: step, winner: text(16), best: whole(0, 9999) },
  },
  // #region teach:play-contract
  inputs: {
    steer: { dx: real(-1, 1, 1 / 60), dy: real(-1, 1, 1 / 60) },
    fire: { angle: real(-Math.PI, Math.PI, 0.01) },
    dash: {},
  },
  tick: 60,
  send: 20,
  nearby: { radius: 1000 },
  spectators: true,
  maxPlayers: 100,
  grace: '10s',
  // #endregion
});

export type ArenaKinds = (typeof arena)['entities'];
export type ArenaInputs = (typeof arena)['inputs'];
export type ArenaEntities = Entities<ArenaKinds>;
export type Ship = ValuesOf<ArenaKinds['ship']>;

/** Events that the room tells besides its state. */
export type ArenaEvent =
  | { readonly name: 'hit'; readonly data: { readonly by: number; readonly who: number; readonly left: number } }
  | { readonly name: 'out'; readonly data: { readonly by: number; readonly who: number } }
  | { readonly name: 'round'; readonly data: { readonly winner: string; readonly points: number } };
