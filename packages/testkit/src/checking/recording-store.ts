import {
  type Appended,
  type Bounds,
  type Compaction,
  type Keep,
  MemoryStore,
  type NewOperation,
  type ReadQuery,
  type StoredPage,
  type Watcher,
} from '@longwave/core';
import type { Host } from './host.js';
import type { DocumentLedger } from './document-ledger.js';
import type { Ledger } from './ledger.js';
import type { StateLedger } from './state-ledger.js';

export interface RecordingStoreOptions {
  readonly host: Host;
  readonly ledger: Ledger;
  readonly states: StateLedger;
  readonly documents: DocumentLedger;
  readonly makeId: () => string;
  readonly maxProducers?: number;
}

/** The memory store, with everything that it appends written into the ledger. Outlives the nodes that use it. */
export class RecordingStore {
  readonly #store: MemoryStore;
  readonly #ledger: Ledger;
  readonly #states: StateLedger;
  readonly #documents: DocumentLedger;
  readonly #recorded = new Set<string>();

  constructor({ host, ledger, states, documents, makeId, maxProducers }: RecordingStoreOptions) {
    this.#ledger = ledger;
    this.#states = states;
    this.#documents = documents;
    this.#store = new MemoryStore({
      clock: host,
      makeId,
      ...(maxProducers === undefined ? {} : { maxProducers }),
    });
    ledger.addEpoch(this.#store.epoch);
  }

  get epoch(): string {
    return this.#store.epoch;
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    if ('keys' in keep) {
      this.#record(channel);
      return this.#store.append(channel, operation, keep);
    }
    const appended = this.#store.append(channel, operation, keep);
    if (keep.whole) return appended;
    this.#ledger.record(channel, operation, appended);
    return appended;
  }

  read(channel: string, query: ReadQuery): StoredPage {
    return this.#store.read(channel, query);
  }

  compact(channel: string, compaction: Compaction): boolean {
    const { ops } = this.#store.read(channel, { after: 0, limit: Infinity });
    const done = this.#store.compact(channel, compaction);
    const replaced = ops.filter(({ offset }) => offset <= compaction.offset);
    if (done) this.#documents.checkCompaction(channel, replaced, compaction.payload);
    return done;
  }

  bounds(channel: string): Bounds {
    return this.#store.bounds(channel);
  }

  #record(channel: string): void {
    if (this.#recorded.has(channel)) return;
    this.#recorded.add(channel);
    this.#store.watch(channel, {
      announce: (epoch, op) => this.#states.record(epoch, channel, op),
      learn: () => undefined,
    });
  }

  expire(): void {
    this.#store.expire();
  }

  watch(channel: string, watcher: Watcher): () => void {
    return this.#store.watch(channel, watcher);
  }
}
