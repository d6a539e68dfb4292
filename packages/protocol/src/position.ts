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
 * Where a subscription starts: with what comes after this moment, with the last `last`
 * operations, or after a position that the application kept.
 */
export type From = 'now' | { readonly last: number } | Position;
