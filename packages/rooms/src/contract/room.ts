import {
  type Carried,
  type Duration,
  type ResolvedPresence,
  type RoomChannelDefinition,
  type RulesOf,
  type Schema,
  checkOptions,
  isPlainObject,
  isSchema,
  option,
  toMilliseconds,
} from '@longwave/protocol';
import type { Fields, ValuesOf } from './fields.js';
import { Layout } from './layout.js';

/** Fields by the name of the kind. */
export type Kinds = Readonly<Record<string, Fields>>;

/** Which of a room's entities a player is told of. */
export interface Nearby {
  /** Only entities within this distance of the player's own, by the fields `x` and `y`. */
  readonly radius: number;
}

/** Options of {@link room}. */
export interface RoomOptions<E extends Kinds, I extends Kinds, P extends Schema = Schema> {
  /** Schema of what a player says of itself when it enters, checked on the server. Without it any JSON value passes. */
  readonly player?: P & Carried<P>;
  /** Kinds of entities, each with its fields. */
  readonly entities: E;
  /** Kinds of inputs of players, each with its fields. */
  readonly inputs: I;
  /** Steps a second. Default 60. */
  readonly tick?: number;
  /** Snapshots a second. Default 20. Must divide `tick`. */
  readonly send?: number;
  /** Default: everybody is told of everything. Entities without `x` and `y` are told to all. */
  readonly nearby?: Nearby;
  /**
   * Whether those who do not play are shown everything. Default: where the room hides nothing from players, by `nearby` or `visible`.
   * Otherwise they are shown nothing.
   */
  readonly spectators?: boolean;
  /**
   * Shows those who do not play everything as it was so long ago, up to 5 minutes, so that nobody can play by what a friend sees. Default
   * 0: `spectators` says what they are shown.
   */
  readonly spectatorDelay?: Duration;
  /** Most players. Default 100. */
  readonly maxPlayers?: number;
  /** Most entities at once. One more is a mistake of the application's. Default 10,000. */
  readonly maxEntities?: number;
  /** So long a player may be off the network without leaving. Default 60 s. */
  readonly grace?: Duration;
  /** Most bytes of a snapshot to one player. The rest comes with later ones. Default 16 KiB. */
  readonly maxBytes?: number;
}

/** A room of the contract. Made by {@link room}. */
export interface RoomDefinition<
  E extends Kinds = Kinds,
  I extends Kinds = Kinds,
  P extends Schema = Schema,
> extends RoomChannelDefinition {
  readonly mode: 'room';
  readonly entities: E;
  readonly inputs: I;
  readonly entityLayouts: readonly { readonly kind: string; readonly layout: Layout }[];
  readonly inputLayouts: readonly { readonly kind: string; readonly layout: Layout }[];
  readonly tick: number;
  readonly send: number;
  readonly nearby: Nearby | undefined;
  /** Undefined: where nothing is hidden from players. */
  readonly spectators: boolean | undefined;
  /** Steps that those who do not play see later. */
  readonly spectatorDelay: number;
  readonly maxPlayers: number;
  readonly maxEntities: number;
  readonly presence: ResolvedPresence<P>;
  readonly maxBytes: number;
}

/** Ids of entities are whole numbers from 1 to 2^31 - 1. */
export type EntityId = number;

/** The entities of a room: for each kind a map from id to fields. The application's own state may lie beside them. */
export type Entities<E extends Kinds> = { readonly [Kind in keyof E]: Map<EntityId, ValuesOf<E[Kind]>> };

/** An input of a player: its kind and its fields. */
export type RoomInput<I extends Kinds> = {
  [Kind in keyof I]: { readonly kind: Kind } & Readonly<ValuesOf<I[Kind]>>;
}[keyof I];

const rate = option.wholeNumber(1, 240);
const kinds = option.record('an object of kinds, each with its fields', isPlainObject);

const distance = { accepts: 'a number above 0', fits: (value: unknown) => Number.isFinite(value) && Number(value) > 0 };

const rules: RulesOf<RoomOptions<Kinds, Kinds>> = {
  player: { accepts: 'a Standard Schema, such as one of zod, valibot or arktype', fits: isSchema },
  entities: { ...kinds, required: true },
  inputs: { ...kinds, required: true },
  tick: rate,
  send: rate,
  nearby: option.fields({ radius: { ...distance, required: true } }),
  spectators: option.flag,
  spectatorDelay: option.duration(0, 300_000),
  maxPlayers: option.wholeNumber(1, 100_000),
  maxEntities: option.wholeNumber(1, 1_000_000),
  grace: option.duration(0),
  maxBytes: option.wholeNumber(256, 1024 * 1024),
};

/**
 * Defines a room: state that one server owns and steps at a fixed rate, and that players see, act on and predict. Throws `TypeError`
 * on an unknown or invalid option, `RangeError` on rates that do not fit each other.
 * @example
 * ```ts
 * import { real, room, text } from 'longwave/rooms';
 *
 * const arena = room({
 *   entities: { player: { x: real(0, 2000, 0.1), y: real(0, 2000, 0.1), name: text(20) } },
 *   inputs: { move: { dx: real(-1, 1, 0.01), dy: real(-1, 1, 0.01) } },
 *   nearby: { radius: 300 },
 * });
 * ```
 */
export function room<const E extends Kinds, const I extends Kinds, P extends Schema = Schema>(
  options: RoomOptions<E, I, P>,
): RoomDefinition<E, I, P> {
  checkOptions('room', options, rules);
  const {
    entities,
    inputs,
    tick = 60,
    send = 20,
    nearby,
    spectators,
    maxPlayers = 100,
    maxEntities = 10_000,
  } = options;
  const { grace = '60s', maxBytes = 16 * 1024 } = options;
  const spectatorDelay = Math.round((toMilliseconds(options.spectatorDelay ?? 0) * tick) / 1000);
  if (tick % send !== 0) throw new RangeError(`room: send (${send}) must divide tick (${tick}).`);
  const layouts = (of: Kinds): RoomDefinition['entityLayouts'] =>
    Object.entries(of).map(([kind, fields]) => ({ kind, layout: new Layout(kind, fields) }));
  return {
    mode: 'room',
    entities,
    inputs,
    entityLayouts: layouts(entities),
    inputLayouts: layouts(inputs),
    tick,
    send,
    nearby,
    spectators: spectatorDelay > 0 || spectators,
    spectatorDelay,
    maxPlayers,
    maxEntities,
    presence: { member: options.player, graceMs: toMilliseconds(grace, 'room: grace') },
    demand: false,
    maxBytes,
  };
}
