import type { MaybePromise } from '../../base/maybe-promise.js';

/** A channel's state as the application has it, and where that stands. */
export interface LoadedState {
  /** Entries of a channel with keys. */
  readonly entries?: Iterable<readonly [key: string, value: unknown]>;
  /** Value of a `value` channel. Undefined: there is none. */
  readonly value?: unknown;
  /** A number that rises with each change of the application's state, such as a sequence of its database (STATE-6). */
  readonly at?: number;
}

/** Asked for the state of a channel when the store has none. */
export type LoadState = (channel: string, params: Readonly<Record<string, string>>) => MaybePromise<LoadedState>;
