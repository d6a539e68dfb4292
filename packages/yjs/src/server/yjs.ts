import type { DocumentFormat } from '@longwave/core';
import {
  type Duration,
  LongwaveError,
  type OptionRule,
  type RulesOf,
  checkOptions,
  option,
  readDuration,
} from '@longwave/protocol';
import { checkUpdate } from '../format/check-update.js';
import { isPlainUpdate } from '../format/plain-update.js';
import { decodePayload, isUpdatePayload, pieceBytes } from '../format/payload.js';
import { ThreadedFormat } from './threads/document-threads.js';
import { ThreadPool } from './threads/thread-pool.js';

/** Options of `yjs`. */
export interface YjsOptions {
  /** Threads that compact, read and compare documents, started when they are first needed. Default 1. */
  readonly workers?: number;
  /** The longest that one piece of their work may take. Default `'60s'`. */
  readonly timeout?: Duration;
  /** MiB that a thread's heap may take. A document that needs more is neither compacted nor read. Default 1024. */
  readonly memoryMiB?: number;
  /** When versions of a document are made by themselves, and how many are kept. `false`: only those that are asked for are made. */
  readonly versions?: VersionOptions | false;
}

/** How versions of documents are made and kept. */
export interface VersionOptions {
  /** A version is made when a document has changed and then rested for so long. Default `'2m'`. */
  readonly idle?: Duration;
  /** And after so many updates. Default 500. */
  readonly updates?: number;
  /** The most versions of one document; the oldest without a name go first. Default 100. */
  readonly keep?: number;
  /** The most bytes of all versions of one document. Default 64 MiB. */
  readonly maxBytes?: number;
}

const versionRules: RulesOf<VersionOptions> = {
  idle: option.duration(),
  updates: option.wholeNumber(1),
  keep: option.wholeNumber(1, 1000),
  maxBytes: option.wholeNumber(1),
};

const versionsRule: OptionRule = {
  accepts: 'an object, or false',
  fits(value) {
    if (value !== false) checkOptions('yjs: versions', value, versionRules);
    return true;
  },
};

const rules: RulesOf<YjsOptions> = {
  workers: option.wholeNumber(1, 64),
  timeout: option.duration(),
  memoryMiB: option.wholeNumber(16),
  versions: versionsRule,
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
  const { workers = 1, timeout = '60s', memoryMiB = 1024, versions = {} } = options;
  const { idle = '2m', updates = 500, keep = 100, maxBytes = 64 * 1024 * 1024 } = versions || {};
  return new ThreadedFormat(new ThreadPool(workers, { timeoutMs: readDuration(timeout), memoryMiB }), {
    check,
    versions: versions ? { idleMs: readDuration(idle), updates } : undefined,
    versionBounds: { count: keep, bytes: maxBytes },
  });
}

function check(payload: Uint8Array): void {
  if (isUpdatePayload(payload) && isPlainUpdate(payload, 1)) return;
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
