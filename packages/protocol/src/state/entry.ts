import type { ResetInfo } from '../position.js';

/** An entry of a map, or the value of a `value` channel, with what the server says about it. */
export interface Entry<Value> {
  readonly key: string;
  readonly value: Value;
  /** Offset of the last change of the entry: give it to `expect` to change nothing but this version. */
  readonly version: number;
  /** When that change was stored: milliseconds since the Unix epoch. */
  readonly time: number;
  /** The authenticated user who made that change. */
  readonly user: string | undefined;
}

/** An entry that left the state, or the view. */
export interface Removal<Value = unknown> {
  readonly key: string;
  /** The entry as it was shown last. Its `user` is the one who put it, not the one who removed it. */
  readonly last: Entry<Value>;
  /** `leave`: the entry is no longer in this view; other views may still show it. */
  readonly why: 'delete' | 'expire' | 'leave';
}

/** The changes of one update. Each entry stands in one of the lists, once. */
export interface MapChange<Value = unknown> {
  /** Keys that are new in the state or in the view. */
  readonly added: readonly string[];
  /** Keys that were there before and have another value now. */
  readonly updated: readonly string[];
  readonly removed: readonly Removal<Value>[];
  /** True for the first state of the subscription. */
  readonly initial: boolean;
  /** Set when continuity was lost before this update (SUB-4): it shows the difference, not each change in between. */
  readonly reset: ResetInfo | undefined;
}
