import type { DocumentFormat, VersionBounds, VersionRhythm } from '@longwave/core';
import type { Written } from '../compaction/read-messages.js';
import type { Condition, DocumentReader, TextQuery } from '../documents/document-reader.js';
import type { RootDifference } from '../versions/compare.js';
import type { VersionReader } from '../versions/version-reader.js';
import type { ThreadPool } from './thread-pool.js';

export interface ThreadedFormatOptions {
  readonly check: (payload: Uint8Array) => void;
  readonly versions: VersionRhythm | undefined;
  readonly versionBounds: VersionBounds;
}

/** Knows by its threads the meaning of updates of Yjs. */
export class ThreadedFormat implements DocumentFormat, DocumentReader, VersionReader {
  readonly check: (payload: Uint8Array) => void;
  readonly versions?: VersionRhythm;
  readonly versionBounds: VersionBounds;
  readonly #pool: ThreadPool;

  constructor(pool: ThreadPool, { check, versions, versionBounds }: ThreadedFormatOptions) {
    this.#pool = pool;
    this.check = check;
    if (versions) this.versions = versions;
    this.versionBounds = versionBounds;
  }

  compact(updates: readonly Written[]): Promise<Uint8Array> {
    return this.#pool.do({ kind: 'compact' }, updates) as Promise<Uint8Array>;
  }

  text(messages: readonly Written[], query: TextQuery): Promise<string> {
    return this.#pool.do({ kind: 'text', ...query }, messages) as Promise<string>;
  }

  json(messages: readonly Written[]): Promise<Readonly<Record<string, unknown>>> {
    return this.#pool.do({ kind: 'json' }, messages) as Promise<Readonly<Record<string, unknown>>>;
  }

  condition(messages: readonly Written[]): Promise<Condition> {
    return this.#pool.do({ kind: 'condition' }, messages) as Promise<Condition>;
  }

  slices(messages: readonly Written[]): Promise<readonly Uint8Array[]> {
    return this.#pool.do({ kind: 'slices' }, messages) as Promise<readonly Uint8Array[]>;
  }

  compare(before: readonly Written[], after: readonly Written[]): Promise<Readonly<Record<string, RootDifference>>> {
    return this.#pool.do({ kind: 'compare' }, before, after) as Promise<Readonly<Record<string, RootDifference>>>;
  }

  difference(model: readonly Written[], now: readonly Written[]): Promise<Uint8Array | undefined> {
    return this.#pool.do({ kind: 'difference' }, model, now) as Promise<Uint8Array | undefined>;
  }

  close(): void {
    this.#pool.close();
  }
}
