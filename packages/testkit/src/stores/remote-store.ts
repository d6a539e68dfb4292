import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  NewOperation,
  ReadQuery,
  Store,
  StoredPage,
  Watcher,
} from '@longwave/core';
import type { Host } from '../checking/host.js';
import type { Random } from '../random.js';
import type { RecordingStore } from '../checking/recording-store.js';

export interface RemoteStoreOptions {
  readonly announcements: 'reliable' | 'best-effort';
  /** The longest way to the store, and back. */
  readonly delayMs: number;
  /** Asked for each operation: how often it fails, before or after it took effect. */
  readonly failureRate: () => number;
  /** Called whenever a promise is settled: somebody waits. */
  readonly onAnswer: () => void;
}

/**
 * A store over a network, as a node sees it: each answer takes its time, some never come to pass, some
 * fail although they took effect. `best-effort` announcements get lost, doubled, late and out of order.
 */
export class RemoteStore implements Store {
  readonly durability = 'replicated';
  readonly announcements: 'reliable' | 'best-effort';
  readonly #store: RecordingStore;
  readonly #host: Host;
  readonly #random: Random;
  readonly #options: RemoteStoreOptions;
  /** When the last thing sent on the way to the store, and the last announcement on the way back, arrive. */
  #appendsUntil = 0;
  #announcedUntil = 0;
  /** Watches that were begun and not ended. */
  watches = 0;

  constructor(store: RecordingStore, host: Host, random: Random, options: RemoteStoreOptions) {
    this.#store = store;
    this.#host = host;
    this.#random = random;
    this.#options = options;
    this.announcements = options.announcements;
  }

  append(channel: string, operation: NewOperation, keep: Keep): Promise<Appended> {
    const { clock } = this.#host;
    // One connection: appends take effect in the order of the calls.
    this.#appendsUntil = Math.max(this.#appendsUntil + 1e-3, clock.time + this.#delay());
    return this.#ask(() => this.#store.append(channel, operation, keep), this.#appendsUntil);
  }

  compact(channel: string, compaction: Compaction): Promise<boolean> {
    return this.#ask(() => this.#store.compact(channel, compaction));
  }

  read(channel: string, query: ReadQuery): Promise<StoredPage> {
    return this.#ask(() => this.#store.read(channel, query));
  }

  bounds(channel: string): Promise<Bounds> {
    return this.#ask(() => this.#store.bounds(channel));
  }

  watch(channel: string, watcher: Watcher): Promise<() => void> {
    const begin = (): (() => void) => {
      let watching = true;
      const unwatch = this.#store.watch(channel, {
        ...watcher,
        announce: (epoch, op) => {
          const deliver = (): void => {
            if (watching) watcher.announce(epoch, op);
          };
          for (const at of this.#arrivals()) this.#host.clock.at(at, () => this.#host.run(deliver));
        },
      });
      this.watches++;
      return () => {
        if (watching) this.watches--;
        watching = false;
        unwatch();
      };
    };
    return this.#ask(begin, undefined, (unwatch) => unwatch());
  }

  expire(): Promise<void> {
    return this.#ask(() => this.#store.expire());
  }

  close(): void {}

  /** When copies of one announcement arrive. */
  #arrivals(): readonly number[] {
    const { time } = this.#host.clock;
    if (this.announcements === 'reliable') {
      this.#announcedUntil = Math.max(this.#announcedUntil + 1e-3, time + this.#delay());
      return [this.#announcedUntil];
    }
    if (this.#random.chance(0.15)) return [];
    const once = time + this.#delay() * 3;
    return this.#random.chance(0.1) ? [once, once + this.#delay() * 3] : [once];
  }

  /** `undo` takes back what took effect although it is about to be reported as failed. */
  #ask<T>(work: () => T, at = this.#host.clock.time + this.#delay(), undo?: (value: T) => void): Promise<T> {
    const { clock } = this.#host;
    const rate = this.#options.failureRate();
    const failsBefore = this.#random.chance(rate);
    const failsAfter = this.#random.chance(rate);
    return new Promise((resolve, reject) => {
      clock.at(at, () => {
        // A request that reached the store takes effect, whatever became of the node meanwhile.
        const settle = failsBefore ? undefined : attempt(work);
        clock.after(this.#delay(), () =>
          this.#host.run(() => {
            this.#options.onAnswer();
            if (settle && failsAfter && undo) settle(undo, () => undefined);
            if (!settle || failsAfter) reject(new StoreFailure());
            else settle(resolve, reject);
          }),
        );
      });
    });
  }

  #delay(): number {
    return this.#random.next() * this.#options.delayMs;
  }
}

/** Planned: the connection to the store broke. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** Does it now and tells later. */
function attempt<T>(work: () => T): (resolve: (value: T) => void, reject: (error: Error) => void) => void {
  try {
    const value = work();
    return (resolve) => resolve(value);
  } catch (error) {
    return (_resolve, reject) => reject(error as Error);
  }
}
