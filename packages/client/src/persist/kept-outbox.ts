import { LongwaveError, decodePayload, encodePayload, wireLimits } from '@longwave/protocol';
import type { Published } from '@longwave/protocol';
import { callback, check, fields, having, text } from '../base/check.js';
import { Listeners } from '../base/listeners.js';
import { hostClock } from '../defaults/clock.js';
import { createRandomId } from '../defaults/identity.js';
import { hostLocks } from '../defaults/locks.js';
import { reportUncaught } from '../defaults/report-error.js';
import { indexedDbStorage } from './indexed-db.js';
import { Lanes } from './lanes.js';
import type { KeptPublish, OutboxLocks, OutboxStorage } from './outbox-storage.js';

/** A publish that is kept until the server acknowledges it. */
export interface Unsent {
  readonly id: string;
  readonly channel: string;
  readonly data: unknown;
  /** When it was published, by the clock of the host: milliseconds since the Unix epoch. */
  readonly time: number;
  /** An earlier page published it, or another one that is gone. */
  readonly restored: boolean;
}

/** Options of {@link openOutbox}. */
export interface KeptOutboxOptions {
  /**
   * Names what is kept, for all pages of the origin. Give each user and each server another name, such as `chat:ada`: what one user
   * wrote must not be sent in the name of another.
   */
  readonly name: string;
  /** Called when a restored publish is refused for good: no promise of this page tells it. Default: it is dropped without a word. */
  readonly onRefused?: (unsent: Unsent, error: unknown) => void;
  /** Called when a publish cannot be kept, such as where the disk is full. It is sent all the same. Default: `reportError` of the host. */
  readonly reportError?: (error: unknown) => void;
  /** Default: a database of IndexedDB. */
  readonly storage?: OutboxStorage;
  /** Default: `navigator.locks`. Without any, each page takes over what it finds; the server stores a message id once (PUB-3). */
  readonly locks?: OutboxLocks;
}

/** The part of a client that the outbox uses. */
export interface OutboxClient {
  readonly state: { readonly status: string };
  channel(name: never): unknown;
}

/** A log that `publish` takes. */
interface Target<In> {
  readonly name: string;
  publish(data: In, options?: { readonly id?: string; readonly signal?: AbortSignal }): Promise<Published>;
}

/** Publishes that survive a reload. It is an external store of what is unsent, as React's `useSyncExternalStore` takes it. */
export interface KeptOutbox {
  /**
   * Keeps the message, then publishes it as `channel.publish` does, under the id that was given or a random one. Throws `TypeError`
   * on data that JSON cannot say. Rejects with the server's code when the message is refused, which drops it; and when the client
   * closes, which keeps it for the next page.
   */
  publish<In>(channel: Target<In>, data: In, options?: { readonly id?: string }): Promise<Published>;
  /** Drops a message that is unsent. One that is on its way may be stored all the same. */
  discard(id: string): void;
  /** Everything unsent that this page is to send, in its order: the same list until it changes. */
  readonly getSnapshot: () => readonly Unsent[];
  /** Calls `listener` after each change of the list. Returns a function that removes it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when publishes of earlier pages, as far as they were free, are on their way: those of this page come after them. */
  readonly restored: Promise<void>;
  /** Takes no more, and lets go of what is unsent when the client has answered for it. Close it with the client. */
  close(): void;
}

const isOptions = fields({
  name: text(128),
  onRefused: callback,
  reportError: callback,
  storage: having('add', 'remove', 'list', 'close'),
  locks: having('request'),
});
const isId = fields({ id: text(wireLimits.messageIdLength) });
/** Restored publishes that are on their way together. */
const sentAtOnce = 100;
const noLock: OutboxLocks = { request: (_, __, hold) => hold() };

/** A publish in memory: what is kept of it, where, and how to stop it. */
interface Entry {
  readonly kept: KeptPublish;
  readonly shown: Unsent;
  readonly stop: AbortController;
  /** Undefined: it is not kept. */
  key: number | undefined;
}

/**
 * Opens an outbox that survives a reload of the page (CLI-19). Publishes are kept in IndexedDB until the server acknowledges them. The
 * next page sends what the last one left, under the same message ids and in the order of each channel; of several pages one does. Each
 * is stored once for a client with a user: the ids of an anonymous client are its own, and the next page is another client (PUB-10).
 *
 * @example
 * ```ts
 * const outbox = openOutbox(client, { name: `chat:${user}` });
 * await outbox.publish(client.channel('chat/lobby'), { text: 'hi' });
 * ```
 */
export function openOutbox(client: OutboxClient, options: KeptOutboxOptions): KeptOutbox {
  check('options', options, isOptions);
  check('name', options.name, text(128));
  return new PersistentOutbox(client, options);
}

class PersistentOutbox implements KeptOutbox {
  readonly restored: Promise<void>;
  readonly #client: OutboxClient;
  readonly #options: KeptOutboxOptions;
  readonly #storage: OutboxStorage;
  readonly #lanes: Lanes;
  readonly #listeners = new Listeners<[]>();
  readonly #reportError: (error: unknown) => void;
  #entries: readonly Entry[] = [];
  #snapshot: readonly Unsent[] = [];
  /** Settles when all publishes before have been handed to the client. */
  #handedOver: Promise<unknown>;
  #closed = false;

  constructor(client: OutboxClient, options: KeptOutboxOptions) {
    this.#client = client;
    this.#options = options;
    this.#reportError = options.reportError ?? reportUncaught;
    this.#storage = options.storage ?? indexedDbStorage(options.name);
    this.#lanes = new Lanes(options.locks ?? hostLocks() ?? noLock, options.name);
    this.restored = this.#lanes.open(
      async () => (await this.#list()).map(({ lane }) => lane),
      (lane) => this.#restore(lane),
    );
    this.#handedOver = this.restored;
  }

  publish<In>(channel: Target<In>, data: In, options: { readonly id?: string } = {}): Promise<Published> {
    check('options', options, isId);
    if (this.#closed) return Promise.reject(new LongwaveError('closed'));
    const { id: messageId = createRandomId() } = options;
    const { name } = channel;
    const payload = encodePayload(data);
    const kept: KeptPublish = { lane: this.#lanes.own, channel: name, messageId, payload, time: hostClock.now() };
    const entry = this.#show(kept, undefined, false);
    const isKept = this.#keep(entry);
    // The answer is in an object: a promise alone would be waited for, and the next publish with it.
    const handedOver = this.#handedOver
      .then(() => isKept)
      .then(() => ({ answer: this.#lanes.during(this.#send(entry)) }));
    this.#handedOver = handedOver;
    return handedOver.then(({ answer }) => answer);
  }

  discard(id: string): void {
    for (const entry of this.#entries.filter(({ kept }) => kept.messageId === id)) {
      entry.stop.abort();
      void this.#forget(entry);
    }
  }

  readonly getSnapshot = (): readonly Unsent[] => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#handedOver.then(() => this.#lanes.close()).then(() => this.#storage.close());
  }

  /** Sends what a page left that is gone. Resolves when all of it is on its way; `done` when it is answered for. */
  async #restore(lane: string): Promise<{ done: Promise<unknown> }> {
    const left = (await this.#list()).filter((record) => record.lane === lane);
    const entries = left.map(({ key, ...kept }) => this.#show(kept, key, true));
    let done: Promise<unknown> = Promise.resolve();
    // The client's own outbox has an end.
    for (let i = 0; i < entries.length; i += sentAtOnce) {
      await done;
      done = Promise.all(entries.slice(i, i + sentAtOnce).map((entry) => this.#sendRestored(entry)));
    }
    return { done };
  }

  async #sendRestored(entry: Entry): Promise<void> {
    try {
      await this.#send(entry);
    } catch (error) {
      if (!this.#isShown(entry) && !entry.stop.signal.aborted) this.#tellRefused(entry.shown, error);
    }
  }

  async #send(entry: Entry): Promise<Published> {
    const { channel, messageId: id, payload } = entry.kept;
    try {
      entry.stop.signal.throwIfAborted();
      const target = this.#client.channel(channel as never) as Target<unknown>;
      const published = await target.publish(decodePayload(payload), { id, signal: entry.stop.signal });
      await this.#forget(entry);
      return published;
    } catch (error) {
      // A client that is closed says nothing of the message.
      if (this.#client.state.status !== 'closed') await this.#forget(entry);
      throw error;
    }
  }

  async #keep(entry: Entry): Promise<void> {
    try {
      // Without its lock another page would take it for the one of a page that is gone.
      await this.#lanes.held;
      entry.key = await this.#storage.add(entry.kept);
    } catch (error) {
      this.#reportError(error);
    }
    // It was discarded meanwhile.
    if (!this.#isShown(entry)) await this.#remove(entry);
  }

  async #forget(entry: Entry): Promise<void> {
    this.#become(this.#entries.filter((other) => other !== entry));
    await this.#remove(entry);
  }

  async #remove({ key }: Entry): Promise<void> {
    if (key === undefined) return;
    try {
      await this.#storage.remove(key);
    } catch (error) {
      this.#reportError(error);
    }
  }

  async #list(): Promise<Awaited<ReturnType<OutboxStorage['list']>>> {
    try {
      return await this.#storage.list();
    } catch (error) {
      this.#reportError(error);
      return [];
    }
  }

  #show(kept: KeptPublish, key: number | undefined, restored: boolean): Entry {
    const { messageId: id, channel, payload, time } = kept;
    const shown: Unsent = { id, channel, data: decodePayload(payload), time, restored };
    const entry: Entry = { kept, shown, stop: new AbortController(), key };
    this.#become([...this.#entries, entry]);
    return entry;
  }

  #isShown(entry: Entry): boolean {
    return this.#entries.includes(entry);
  }

  #become(entries: readonly Entry[]): void {
    if (entries.length === this.#entries.length) return;
    this.#entries = entries;
    this.#snapshot = entries.map(({ shown }) => shown);
    this.#listeners.tell({ reportError: this.#reportError });
  }

  #tellRefused(unsent: Unsent, error: unknown): void {
    try {
      this.#options.onRefused?.(unsent, error);
    } catch (thrown) {
      this.#reportError(thrown);
    }
  }
}
