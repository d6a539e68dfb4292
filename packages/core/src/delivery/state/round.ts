import type { Places } from './places.js';

/**
 * A way through all entries, in steps: what changed since the reader's cursor, each entry as it is when the reader comes
 * to it. At the end the reader stands at `target`; changes that happened meanwhile are in the next round. However much that is
 * and however long the reader takes, it costs no memory but this.
 */
export interface Round {
  /** The state that its places belong to. */
  readonly of: object;
  readonly target: number;
  /** Everything that exists is named, as an operation or as something to keep (STATE-3). */
  readonly replace: boolean;
  /** The keys to go through, when they are less than all. */
  readonly keys: readonly string[] | undefined;
  /** Places that the receiver does not have, for a view that filters. */
  lacks: Places | undefined;
  /** A frame of it was written. */
  begun: boolean;
  /** How far it is: an index into `keys`, or a place of the state. */
  place: number;
}

/** The receiver's part of the state up to its cursor, when that is not all of it. */
export interface Knowledge {
  has(key: string): boolean;
}
