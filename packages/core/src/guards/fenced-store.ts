import { LongwaveError, codeMessages } from '@longwave/protocol';
import type { Complaints } from './complaints.js';
import { type MaybePromise, isPromise, onFailure } from '../base/maybe-promise.js';
import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  NewOperation,
  ReadQuery,
  Relay,
  Store,
  StoredPage,
  Watcher,
} from '../base/ports.js';
import type { Stats } from '../base/stats.js';

/** When to ask again: the store may be back by then. */
const retryAfterMs = 1000;

/**
 * A store that fails is `unavailable` to whoever asked, for a read as for a write: it may be there again in a moment.
 * The cause goes to the log, once however many requests it fails (ERR-1). It has what is optional as well: what it
 * lacked would be hidden.
 */
export class FencedStore implements Required<Store> {
  readonly announcements: Store['announcements'];
  readonly #store: Store;
  readonly #complaints: Complaints;
  readonly #stats: Stats;

  constructor(store: Store, complaints: Complaints, stats: Stats) {
    this.announcements = store.announcements;
    this.#store = store;
    this.#complaints = complaints;
    this.#stats = stats;
  }

  get durability(): Store['durability'] {
    return this.#store.durability;
  }

  append(channel: string, operation: NewOperation, keep: Keep): MaybePromise<Appended> {
    try {
      return this.#settled(this.#store.append(channel, operation, keep));
    } catch (error) {
      return this.#fail(error);
    }
  }

  compact(channel: string, compaction: Compaction): MaybePromise<boolean> {
    return onFailure(() => compactIn(this.#store, channel, compaction), this.#fail);
  }

  read(channel: string, query: ReadQuery): MaybePromise<StoredPage> {
    try {
      return this.#settled(this.#store.read(channel, query));
    } catch (error) {
      return this.#fail(error);
    }
  }

  bounds(channel: string): MaybePromise<Bounds> {
    try {
      return this.#settled(this.#store.bounds(channel));
    } catch (error) {
      return this.#fail(error);
    }
  }

  watch(channel: string, watcher: Watcher): MaybePromise<() => void> {
    return onFailure(() => this.#store.watch(channel, watcher), this.#fail);
  }

  expire(): MaybePromise<void> {
    return onFailure(() => this.#store.expire(), this.#fail);
  }

  check(): MaybePromise<void> {
    return onFailure(() => this.#store.check?.(), this.#fail);
  }

  readonly relay: Relay = {
    send: (topic, data) => relayOf(this.#store).send(topic, data),
    listen: (topic, hear) => onFailure(() => relayOf(this.#store).listen(topic, hear), this.#fail),
  };

  close(): MaybePromise<void> {
    return this.#store.close();
  }

  /** As `onFailure`, without a closure: appends, reads and bounds are on the way of every message. */
  #settled<T>(result: MaybePromise<T>): MaybePromise<T> {
    return isPromise(result) ? result.catch(this.#fail) : result;
  }

  readonly #fail = (error: unknown): never => {
    // The store's own words on a failure are for the log.
    if (error instanceof LongwaveError && error.code !== 'unavailable') throw error;
    this.#stats.errors++;
    // Numbers in a message, such as how much is waiting, make no other cause of it.
    this.#complaints.tell('The store failed.', error, `The store: ${rootOf(error).replaceAll(/\d+/g, '#')}`);
    throw new LongwaveError('unavailable', codeMessages.unavailable, { cause: error, retryAfterMs });
  };
}

/** The engine does not start with documents in a store that keeps none. */
function compactIn(store: Store, channel: string, compaction: Compaction): MaybePromise<boolean> {
  if (!store.compact) throw new TypeError('The store keeps no documents.');
  return store.compact(channel, compaction);
}

/** Rooms of a store without one are of one node, and ask for none. */
function relayOf(store: Store): Relay {
  if (!store.relay) throw new TypeError('The store passes no messages between its nodes.');
  return store.relay;
}

/** A failure of the store: it has been logged. */
export function isToldOf(error: unknown): boolean {
  return error instanceof LongwaveError && error.code === 'unavailable';
}

/** The wrapping error may name the channel that was asked for. */
function rootOf(error: unknown): string {
  let root = error;
  for (let depth = 0; depth < 8 && root instanceof Error && root.cause !== undefined; depth++) root = root.cause;
  return root instanceof Error ? root.message : String(root);
}
