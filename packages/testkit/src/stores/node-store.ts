import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  MaybePromise,
  NewOperation,
  ReadQuery,
  Store,
  StoredPage,
  Watcher,
} from '@longwave/core';
import type { Host } from '../checking/host.js';
import type { RecordingStore } from '../checking/recording-store.js';

/** A node's access to a store that answers at once. Its watches end with the node, the store does not. */
export class NodeStore implements Store {
  readonly durability = 'memory';
  readonly announcements = 'reliable';
  readonly #store: RecordingStore;
  readonly #host: Host;
  /** Watches that were begun and not ended. */
  watches = 0;

  constructor(store: RecordingStore, host: Host) {
    this.#store = store;
    this.#host = host;
  }

  append(channel: string, operation: NewOperation, keep: Keep): MaybePromise<Appended> {
    return this.#store.append(channel, operation, keep);
  }

  compact(channel: string, compaction: Compaction): MaybePromise<boolean> {
    return this.#store.compact(channel, compaction);
  }

  read(channel: string, query: ReadQuery): MaybePromise<StoredPage> {
    return this.#store.read(channel, query);
  }

  bounds(channel: string): MaybePromise<Bounds> {
    return this.#store.bounds(channel);
  }

  watch(channel: string, watcher: Watcher): () => void {
    this.watches++;
    let watching = true;
    // A node that stands still hears of it later.
    const unwatch = this.#store.watch(channel, {
      ...watcher,
      announce: (epoch, op) =>
        this.#host.run(() => {
          if (watching) watcher.announce(epoch, op);
        }),
    });
    return () => {
      if (watching) this.watches--;
      watching = false;
      unwatch();
    };
  }

  expire(): void {
    this.#store.expire();
  }

  close(): void {}
}
