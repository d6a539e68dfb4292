import { describeValue } from '@longwave/protocol';
import type { RoomLogic } from '../contract/logic.js';
import type { Entities, Kinds, RoomDefinition } from '../contract/room.js';
import { stateFromText } from '../nodes/state-text.js';
import { type KeptRoom, Room } from '../server/room.js';
import type { Recording } from '../server/recording.js';

/** A room after a step of its replay. */
export interface ReplayedStep<S> {
  readonly tick: number;
  /** It goes on with the next step: to be read at once, or copied. */
  readonly state: S;
}

/**
 * Makes all steps of a recorded room again (`rooms.recording`), bit by bit the same where the rules take nothing but what they are given: no
 * clock, and no `Math.random`. Throws `TypeError` for what is no recording of version 1.
 * @example
 * ```ts
 * import { type RoomLogic, whole, room } from 'longwave/rooms';
 * import { type Recording, replay } from 'longwave/rooms/server';
 *
 * const arena = room({ entities: { player: { hp: whole(0, 100) } }, inputs: {} });
 * const show = (logic: RoomLogic<typeof arena.entities, {}, any>, recording: Recording) => {
 *   for (const { tick, state } of replay(arena, logic, recording)) console.log(tick, state.player.size);
 * };
 * ```
 */
export function* replay<E extends Kinds, I extends Kinds, S extends Entities<E>>(
  definition: RoomDefinition<E, I>,
  logic: RoomLogic<E, I, S>,
  recording: Recording,
): Generator<ReplayedStep<S>, void> {
  if (recording?.version !== 1)
    throw new TypeError(`replay: a recording of version 1 is needed, not ${describeValue(recording)}.`);
  const { name, params, options, seed, from, acts } = recording;
  const room = new Room({
    ...{ name, params, options, definition, logic, seed, now: 0 },
    ...(from !== undefined && { kept: stateFromText(from) as KeptRoom<S> }),
  });
  for (const act of acts) {
    if (act[0] === 'step') {
      for (let i = 0; i < act[1]; i++) {
        room.step();
        yield { tick: room.tick - 1, state: room.state };
      }
    } else if (act[0] === 'show') room.show();
    else if (act[0] === 'join') room.join(act[1], act[2] ?? undefined, act[3]);
    else if (act[0] === 'leave') room.leave(act[1]);
    else room.take(act[1], act[2], act[3], act[4]);
  }
}
