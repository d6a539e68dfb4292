import type { ChangeKind, Operation, Payload } from '@longwave/protocol';

/**
 * How a channel with state turns changes into state, and what of them may be skipped: two pure functions. All else (snapshots,
 * resuming, merging for who is behind, views) follows from them.
 */
export interface Mode {
  /** Entries have keys. Otherwise there is only the entry `''`. */
  readonly keyed: boolean;
  /**
   * The value of an entry after a change that is no `delete`; `before` is undefined when there was none. MUST be pure.
   * Throws `LongwaveError('invalid-data')` on a change that makes no sense.
   */
  fold(before: Payload | undefined, kind: Exclude<ChangeKind, 'delete'>, change: Payload): Payload;
  /** One change that does what these two of one entry do, one after the other. MUST be pure. */
  merge(earlier: Operation, later: Operation): Operation;
}

/** Modes by name, as in a channel's definition. */
export type Modes = Readonly<Record<string, Mode>>;
