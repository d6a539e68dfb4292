import type { DocumentFormat } from '@longwave/core';
import { LongwaveError, type Operation, type Payload } from '@longwave/protocol';
import type { Checker } from './checker.js';

/**
 * A document of the simulation is a set of words: an update is some of them, and a compaction all of them. As with a real one, it does
 * not matter how often each comes, or in which order.
 */
export const wordFormat: DocumentFormat = {
  check(payload) {
    if (wordsOf(payload).some((word) => word === '')) throw new LongwaveError('invalid-data', 'A word is empty.');
  },
  compact: (updates) => fromWords(new Set(updates.flatMap(({ payload }) => wordsOf(payload)))),
};

export function wordsOf(payload: Payload): readonly string[] {
  return (typeof payload === 'string' ? payload : new TextDecoder().decode(payload)).split(' ');
}

export function fromWords(words: Iterable<string>): Uint8Array {
  return new TextEncoder().encode([...words].join(' '));
}

/** Words of documents that their writers were told are stored, and what a compaction must keep. */
export class DocumentLedger {
  readonly #checker: Checker;
  readonly #acknowledged = new Map<string, Set<string>>();

  constructor(checker: Checker) {
    this.#checker = checker;
  }

  acknowledge(channel: string, words: readonly string[]): void {
    const known = this.#acknowledged.get(channel) ?? new Set();
    this.#acknowledged.set(channel, known);
    for (const word of words) known.add(word);
  }

  /** Expects that `payload` says all that the operations said which it replaced. */
  checkCompaction(channel: string, replaced: readonly Operation[], payload: Payload): void {
    const kept = new Set(wordsOf(payload));
    const lost = replaced.flatMap((op) => wordsOf(op.payload)).filter((word) => !kept.has(word));
    this.#checker.expect(lost.length === 0, 'G1', channel, () => `a compaction lost ${lost.join()}`);
  }

  /** Words that were acknowledged and are not stored. */
  missing(channel: string, stored: ReadonlySet<string>): string[] {
    return [...(this.#acknowledged.get(channel) ?? [])].filter((word) => !stored.has(word));
  }
}
