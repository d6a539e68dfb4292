import type { Code, Operation } from '@longwave/protocol';
import type { Compaction, Keep, NewOperation } from '@longwave/core';

/** A piece of work for the writer, within one transaction. Jobs travel to a thread: plain data only. */
export type Job =
  | { readonly kind: 'append'; readonly channel: string; readonly operation: NewOperation; readonly keep: Keep }
  | { readonly kind: 'compact'; readonly channel: string; readonly compaction: Compaction }
  /** Remove some of the records that a compaction has replaced. */
  | { readonly kind: 'remove'; readonly channel: string }
  /** End the entries whose time is over. */
  | { readonly kind: 'expire' }
  /** Look through some channels for what is too old, from `after` on. */
  | { readonly kind: 'sweep'; readonly after: string | undefined };

export interface Stored {
  readonly channel: string;
  readonly epoch: string;
  readonly ops: readonly Operation[];
}

export type Outcome =
  /** `time` of the one operation that an append stored as it was given, `stored` of any other. */
  | {
      readonly epoch: string;
      readonly offset: number;
      readonly duplicate: boolean;
      readonly time?: number;
      readonly stored?: readonly Operation[];
    }
  | { readonly code: Code; readonly message: string }
  /** It cannot be done, and is no fault of who asked: `StoreError`. */
  | { readonly failed: string }
  /** Whether a compaction was done. */
  | { readonly compacted: boolean }
  /** Whether there is more to remove. */
  | { readonly goesOn: boolean }
  /** Result of an expiry: `more` says that there is more to do. */
  | { readonly more: boolean; readonly stored: readonly Stored[] }
  /** Result of a sweep: the channel that it came to, undefined at the end. */
  | { readonly sweptTo: string | undefined };

export interface Batch {
  readonly now: number;
  /** Milliseconds of a clock that all processes of the machine share and nobody sets. */
  readonly steady: number;
  readonly jobs: readonly Job[];
}

export interface BatchDone {
  /** Its number in the journal; undefined when there was nothing to store. */
  readonly commit: number | undefined;
  readonly outcomes: readonly Outcome[];
}

/** Thrown by a job that cannot be done, before it has changed anything. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}
