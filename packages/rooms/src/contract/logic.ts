import type { Entities, EntityId, RoomInput, Kinds } from './room.js';

/** Somebody who plays in a room. */
export interface Player {
  /** A whole number from 1, of nobody else in this room. Meant as the id of the player's entity too. */
  readonly id: number;
  /** As presence names the member (PRES-1). */
  readonly key: string;
  /** The authenticated user, if any. */
  readonly user: string | undefined;
  /** Data that the player's client gave of itself when it joined. */
  readonly data: unknown;
}

/** Inputs of this step by the player's id, each player's in the order in which they were made. */
export type Inputs<I extends Kinds> = ReadonlyMap<number, readonly RoomInput<I>[]>;

/** The means of `step` besides the state: the same on both ends, so that a client can step ahead. */
export interface StepContext {
  readonly tick: number;
  /** False where a client predicts: what only the server may decide is left out then. */
  readonly isServer: boolean;
  /** From 0 to 1, by the room's seed: a replay draws the same. On a client it is of no use. */
  readonly random: () => number;
  /** Tells everybody in the room of something that is no state, with the next snapshot. */
  readonly emit: (name: string, data?: unknown) => void;
  /** The entities as they were seen by this player when the inputs of this step were made (lag compensation). */
  readonly seenBy: (player: number) => Rewound;
}

/** A look back. */
export interface Rewound {
  /** Where the entity was, or undefined where there was none. */
  at(kind: string, id: EntityId): { readonly x: number; readonly y: number } | undefined;
}

/** A room that is made: its name and the parameters of its pattern. */
export interface RoomContext {
  readonly name: string;
  readonly params: Readonly<Record<string, string>>;
  /** JSON that it was made with (`rooms.create`). Undefined where somebody came to it by its name. */
  readonly options?: unknown;
  readonly random: () => number;
}

/** The rules of a room: plain functions over plain state. */
export interface RoomLogic<E extends Kinds, I extends Kinds, S extends Entities<E>> {
  /** The state of a new room: a `Map` for each kind, and what else it needs. It must be plain data, so that it can be kept. */
  create(context: RoomContext): S;
  /** Makes the next state out of this one, `dt` seconds later. Runs on the client as well, with the player's own inputs alone. */
  step(state: S, inputs: Inputs<I>, dt: number, context: StepContext): void;
  /** A player has come, for the first time. */
  join?(state: S, player: Player): void;
  /** A player has left for good. */
  leave?(state: S, player: Player): void;
  /** Whether a player is told of the entity, which is near enough already. Default: yes. */
  visible?(state: S, viewer: Player, kind: keyof E & string, id: EntityId): boolean;
  /** JSON of at most 1 KiB for lists of rooms (`rooms.find`), such as a map or whether the game has begun. Asked for once a second. */
  about?(state: S): unknown;
}

/** The rules of a room, whatever its state is besides the entities. */
// oxlint-disable-next-line typescript/no-explicit-any -- each room has a state type of its own, which only its own rules see
export type AnyLogic<E extends Kinds = Kinds, I extends Kinds = Kinds> = RoomLogic<E, I, any>;
