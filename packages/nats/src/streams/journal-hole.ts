import type { Model } from './model.js';
import type { JournalPlace } from './record.js';

/** A part of a channel's journal is gone that no checkpoint has: it was removed by somebody else than its nodes. */
export class JournalHole extends Error {
  override readonly name = 'JournalHole';
}

/**
 * Throws where the writer of a record had read more of the journal than `readTo`, up to which `model` had come before it. Places
 * of another log or era tell nothing: their numbers are of other messages.
 */
export function requireWhole(behind: JournalPlace | undefined, log: string, model: Model, readTo: number): void {
  if (behind === undefined || behind.log !== log || behind.era !== model.era || behind.seq <= readTo) return;
  throw new JournalHole(`message ${behind.seq} of its journal is gone`);
}
