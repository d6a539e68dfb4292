import type { DocumentFormat } from '@longwave/core';
import { type Duration, LongwaveError, type RulesOf, checkOptions, option, readDuration } from '@longwave/protocol';
import { checkUpdate } from '../format/check-update.js';
import { decodePayload, pieceBytes } from '../format/payload.js';
import { Compactor } from './compaction/compactor.js';

/** Options of `yjs`. */
export interface YjsOptions {
  /** Threads that compact documents, started when they are first needed. Default 1. */
  readonly workers?: number;
  /** The longest that one compaction may take. Default `'60s'`. */
  readonly timeout?: Duration;
  /** MiB that a thread's heap may take. A document that needs more is not compacted. Default 1024. */
  readonly memoryMiB?: number;
}

const rules: RulesOf<YjsOptions> = {
  workers: option.wholeNumber(1, 64),
  timeout: option.duration(),
  memoryMiB: option.wholeNumber(16),
};

/**
 * The server's part of documents: updates of Yjs 13 in format 1. It refuses what is no update (DOC-3), and compacts in threads of its own
 * with a real `Y.Doc`, so that deleted content goes (DOC-1). A compaction that fails leaves the document as it was. Throws `TypeError` on
 * an unknown or invalid option.
 * @example
 * ```ts
 * const server = createServer({ channels: defineChannels({ 'doc/:id': doc() }), documents: yjs() });
 * ```
 */
export function yjs(options: YjsOptions = {}): DocumentFormat {
  checkOptions('yjs', options, rules);
  const { workers = 1, timeout = '60s', memoryMiB = 1024 } = options;
  const compactor = new Compactor(workers, { timeoutMs: readDuration(timeout), memoryMiB });
  return {
    check,
    compact: (updates) => compactor.compact(updates),
    close: () => compactor.close(),
  };
}

function check(payload: Uint8Array): void {
  const message = decodePayload(payload);
  switch (message.kind) {
    case 'update':
      return checkUpdate(message.update);
    case 'piece':
      // The update can be checked when it is whole: who puts it together does so.
      if (message.part.length > 0 && message.part.length <= pieceBytes) return;
      throw new LongwaveError('invalid-data', `A piece has 1 to ${pieceBytes} bytes, not ${message.part.length}.`);
    case 'compacted':
      throw new LongwaveError('invalid-data', 'Only the server compacts a document.');
  }
}
