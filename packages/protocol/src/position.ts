import type { ResetReason } from './codes.js';

/**
 * A place in a channel's log. `offset` counts operations from 1; a position stands *after* the
 * operation it names, so offset 0 is the place before the first one. `epoch` names the log
 * itself: offsets of different epochs cannot be compared.
 */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/**
 * Where a subscription to a log starts: with messages that are stored after this moment (`now`), with the oldest message that
 * the log still keeps (`start`), with the last `last` messages, or after a position that the application saved (SUB-1).
 */
export type From = 'now' | 'start' | { readonly last: number } | Position;

/** A loss of continuity: operations between `previous` and `position` were not delivered and will not be (SUB-4). */
export interface ResetInfo {
  readonly reason: ResetReason;
  /** Where the subscription stands now. */
  readonly position: Position;
  /** Where it stood before; undefined when it had received nothing. */
  readonly previous?: Position | undefined;
}
