import type { TextQuery } from '../documents/document-reader.js';

/** Work of a thread, on the documents that follow it. */
export type Job =
  /** One message that says all that those of the document say. */
  | { readonly kind: 'compact' }
  | ({ readonly kind: 'text' } & TextQuery)
  | { readonly kind: 'json' }
  /** The updates from which another thread builds it, a little at a time. */
  | { readonly kind: 'slices' }
  | { readonly kind: 'condition' }
  /** The difference of two documents. */
  | { readonly kind: 'compare' }
  /** The update by which the second document comes to say what the first says. */
  | { readonly kind: 'difference' };

/** Some of the messages of one document, end to end in one buffer. */
export interface Chunk {
  readonly job: Job;
  /** The number of the document, from 0. */
  readonly document: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
  readonly users: readonly (string | undefined)[];
  readonly times: readonly number[];
  /** Nothing follows: the thread answers. */
  readonly isLast: boolean;
}

export type FromThread =
  | { readonly done: unknown }
  /** `isRange`: what was asked for cannot be, and the message says why. */
  | { readonly failed: string; readonly isRange: boolean };
