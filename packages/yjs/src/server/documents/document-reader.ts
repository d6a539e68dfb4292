import type { Written } from '../compaction/read-messages.js';

/** Which text of a document is meant. */
export interface TextQuery {
  /** Default: the only root that has text. */
  readonly root?: string | undefined;
}

/** Whether a document says anything, and is whole. */
export interface Condition {
  /** No update is whole, or none says anything. */
  readonly isBlank: boolean;
  /** Parts of updates of which not all are there. */
  readonly pieces: number;
}

/** Tells what the messages of a document say, without holding up the event loop. Rejects with `unavailable` where it cannot. */
export interface DocumentReader {
  /** Rejects with `RangeError` where there is no such text, or several. */
  text(messages: readonly Written[], query: TextQuery): Promise<string>;
  json(messages: readonly Written[]): Promise<Readonly<Record<string, unknown>>>;
  condition(messages: readonly Written[]): Promise<Condition>;
  /** Updates that together say what the document says. Each can be applied after those before it, and is a small piece of work. */
  slices(messages: readonly Written[]): Promise<readonly Uint8Array[]>;
}
