import { type Channels, type RulesOf, checkOptions, describeValue, isRoom, option } from '@longwave/protocol';
import type { AnyLogic } from '../contract/logic.js';
import type { RoomDefinition } from '../contract/room.js';
import type { Rooms } from './rooms.js';
import { ServedRooms } from './served-rooms.js';

type RoomsOf<C extends Channels> = {
  [Pattern in keyof C & string]: C[Pattern] extends RoomDefinition<infer E, infer I> ? AnyLogic<E, I> : never;
};
type PatternsOf<C extends Channels> = { [P in keyof C & string]: C[P] extends RoomDefinition ? P : never }[keyof C &
  string];

type Rules = Readonly<Record<string, AnyLogic>>;

/** Options of {@link serveRooms}. */
export interface ServeRoomsOptions {
  /** Most rooms on this node at once. One more is refused with `too-many`. Default 10,000. */
  readonly maxRooms?: number;
  /**
   * Writes down what happens to rooms, for `rooms.recording` and `replay`: of each room the first so many bytes, roughly. Default:
   * nothing is recorded.
   */
  readonly record?: { readonly maxBytes: number };
}

/**
 * Serves the rooms of a contract by the application's rules: for each pattern what a new room is, and how a step changes it. Give what
 * it returns to `createServer` as `rooms`. Throws `TypeError` for a pattern that the contract has no room for, or a room without rules.
 * @example
 * ```ts
 * import { real, room } from 'longwave/rooms';
 *
 * const arena = room({ entities: { player: { x: real(0, 100, 0.1) } }, inputs: { move: { dx: real(-1, 1, 0.1) } } });
 * const channels = defineChannels({ 'arena/:id': arena });
 * const rooms = serveRooms(channels, {
 *   'arena/:id': {
 *     create: () => ({ player: new Map() }),
 *     join: (state, { id }) => void state.player.set(id, { x: 50 }),
 *     leave: (state, { id }) => void state.player.delete(id),
 *     step: (state, inputs, dt) => {
 *       for (const [id, made] of inputs) for (const { dx } of made) state.player.get(id)!.x += dx * dt;
 *     },
 *   },
 * });
 * const server = createServer({ channels, rooms });
 * ```
 */
export function serveRooms<const C extends Channels>(
  channels: C,
  rules: Pick<RoomsOf<C>, PatternsOf<C>>,
  options: ServeRoomsOptions = {},
): Rooms {
  checkOptions('serveRooms', options, optionRules);
  checkOptions('serveRooms', { rules }, { rules: { ...option.object, required: true } });
  const given = rules as Readonly<Record<string, AnyLogic | undefined>>;
  for (const pattern of Object.keys(given)) {
    if (channels[pattern]?.mode !== 'room')
      throw new TypeError(`serveRooms: the rules name '${pattern}', and the contract has no such room.`);
  }
  for (const [pattern, definition] of Object.entries(channels)) {
    if (isRoom(definition)) checkLogic(pattern, given[pattern]);
  }
  const { maxRooms = 10_000, record } = options;
  return new ServedRooms(given as Rules, { maxRooms, recordBytes: record?.maxBytes ?? 0 });
}

const optionRules: RulesOf<ServeRoomsOptions> = {
  maxRooms: option.wholeNumber(1),
  record: option.fields({ maxBytes: { ...option.wholeNumber(1), required: true } }),
};

/** Throws `TypeError` where one of the rules is missing, or is no function: it would fail at a player's first act. */
function checkLogic(pattern: string, logic: AnyLogic | undefined): void {
  if (typeof logic?.create !== 'function' || typeof logic.step !== 'function')
    throw new TypeError(
      `serveRooms: the rules of '${pattern}' are ${describeValue(logic)}; they must have create and step.`,
    );
  const { join, leave, visible, about } = logic;
  const hooks = { join: option.callback, leave: option.callback, visible: option.callback, about: option.callback };
  checkOptions(`serveRooms: '${pattern}'`, { join, leave, visible, about }, hooks);
}
