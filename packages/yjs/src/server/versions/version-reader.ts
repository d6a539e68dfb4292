import type { Written } from '../compaction/read-messages.js';
import type { DocumentReader } from '../documents/document-reader.js';
import type { RootDifference } from './compare.js';

/** Tells how states of a document differ, without holding up the event loop. Rejects with `unavailable` where it cannot. */
export interface VersionReader extends DocumentReader {
  compare(before: readonly Written[], after: readonly Written[]): Promise<Readonly<Record<string, RootDifference>>>;
  /** The update by which a document that is as `now` comes to say what `model` says; undefined where it does. */
  difference(model: readonly Written[], now: readonly Written[]): Promise<Uint8Array | undefined>;
}
