import { type Channels, LongwaveError, type Operation } from '@longwave/protocol';
import { type Logger, type Store, warn } from '../base/ports.js';
import { fault } from '../base/fault.js';
import type { Registry } from './registry.js';
import type { Timers } from '../base/timers.js';
import { isToldOf } from '../guards/fenced-store.js';

/** An update of a document, as it was stored. */
export interface DocumentUpdate {
  readonly payload: Uint8Array;
  /** The user who made it. */
  readonly user?: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
}

/** The part of the server that knows what the updates of a document mean. */
export interface DocumentFormat {
  /** Throws `LongwaveError` `invalid-data` for what is no update: it would fail every reader. */
  check(payload: Uint8Array): void;
  /**
   * Returns one update that says all that these say, in their order. MUST NOT hold up the event loop: it may be many megabytes of
   * work.
   */
  compact(updates: readonly DocumentUpdate[]): Uint8Array | Promise<Uint8Array>;
  /** Ends what it keeps running. */
  close?(): void | Promise<void>;
}

export interface DocumentsOptions {
  readonly registry: Registry;
  readonly store: Required<Store>;
  readonly format: DocumentFormat | undefined;
  readonly timers: Timers;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Bytes and updates that a node adds to a document before it compacts it. */
const dueBytes = 256 * 1024;
const dueUpdates = 500;
/** Several nodes may find one due at once: the first to come spares the others the work. */
const spreadMs = 1000;
/** Operations asked from the store at once. */
const pageSize = 1000;
/** Documents whose growth is remembered. */
const maxCounted = 10_000;

/** Throws `TypeError` where the contract has documents, and nothing knows what they mean or the store keeps none. */
export function requireDocuments(channels: Channels, format: DocumentFormat | undefined, store: Store): void {
  const [name] = Object.entries(channels).find(([, { mode }]) => mode === 'doc') ?? [];
  if (name === undefined) return;
  if (!store.compact)
    throw new TypeError(`'${name}' is a document, and the store keeps none: it has no method 'compact'.`);
  if (format) return;
  throw new TypeError(`'${name}' is a document: give the server \`documents: yjs()\`, of longwave/yjs/server.`);
}

interface Growth {
  bytes: number;
  updates: number;
}

/** The documents of a node: checks what is written to them, and compacts those that it wrote to. */
export class Documents {
  readonly #options: DocumentsOptions;
  /** Bytes and updates that this node added to each since it was compacted. */
  readonly #grown = new Map<string, Growth>();
  /** Bytes of the last compaction of each: a large document is compacted after more. */
  readonly #sizes = new Map<string, number>();
  readonly #compacting = new Map<string, Promise<boolean>>();

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  /** Throws `invalid-data` for what is no update. */
  check(data: unknown): void {
    const { format } = this.#options;
    // The engine refuses to start without one where the contract has documents.
    if (!format || !(data instanceof Uint8Array)) throw new LongwaveError('invalid-data', 'An update is bytes.');
    format.check(data);
  }

  /** Called after each update that this node stored. */
  grew(key: string, bytes: number): void {
    let growth = this.#grown.get(key);
    if (!growth) {
      if (this.#grown.size >= maxCounted) this.#grown.delete(this.#grown.keys().next().value!);
      this.#grown.set(key, (growth = { bytes: 0, updates: 0 }));
    }
    growth.bytes += bytes;
    growth.updates++;
    const size = this.#sizes.get(key) ?? 0;
    const isDue =
      growth.bytes >= Math.max(dueBytes, size / 4) || growth.updates >= dueUpdates * (1 + Math.floor(size / dueBytes));
    if (isDue) this.#soon(key);
  }

  /** Called when somebody opens it: updates of a node that is gone may never have become due there. */
  opened(key: string, updates: number): void {
    if (updates >= 2 * dueUpdates * (1 + Math.floor((this.#sizes.get(key) ?? 0) / dueBytes))) this.#soon(key);
  }

  /**
   * Replaces all updates that the document has now by one, at the offset of the last (DOC-1). Resolves with false when there is
   * nothing to gain, or another node has done it. Rejects with `unknown-channel` or `wrong-mode`, or with `unavailable` when the store
   * cannot be reached.
   */
  async compact(channel: string): Promise<boolean> {
    const { mode } = this.#options.registry.resolve(channel)?.definition ?? {};
    if (mode === undefined) throw fault('unknown-channel');
    if (mode !== 'doc') throw new LongwaveError('wrong-mode', `'${channel}' is no document.`);
    return this.#begin(channel);
  }

  #begin(key: string): Promise<boolean> {
    const running = this.#compacting.get(key);
    if (running) return running;
    const work = this.#compact(key).finally(() => this.#compacting.delete(key));
    this.#compacting.set(key, work);
    return work;
  }

  async close(): Promise<void> {
    await this.#options.format?.close?.();
  }

  #soon(key: string): void {
    this.#grown.delete(key);
    if (this.#compacting.has(key)) return;
    const { timers, random, logger } = this.#options;
    timers.after(random() * spreadMs, () => {
      this.#begin(key).catch((error: unknown) => {
        if (!isToldOf(error)) warn(logger, `The document ${key} could not be compacted.`, error);
      });
    });
  }

  async #compact(key: string): Promise<boolean> {
    const { store, format } = this.#options;
    const { epoch, floor, top } = await store.bounds(key);
    if (!format || top - floor < 2) return false;
    const ops: Operation[] = [];
    for (let after = floor; after < top;) {
      const page = await store.read(key, { after, limit: pageSize });
      // Somebody was faster, or the log is another one.
      if (page.epoch !== epoch || page.floor !== floor || page.ops.length === 0) return false;
      ops.push(...page.ops.filter(({ offset }) => offset <= top));
      after = page.ops.at(-1)!.offset;
    }
    const payload = await format.compact(ops.map(toUpdate));
    const isDone = await store.compact(key, { epoch, offset: top, payload });
    if (isDone) this.#remember(key, payload.length);
    return isDone;
  }

  #remember(key: string, bytes: number): void {
    this.#sizes.delete(key);
    if (this.#sizes.size >= maxCounted) this.#sizes.delete(this.#sizes.keys().next().value!);
    this.#sizes.set(key, bytes);
  }
}

function toUpdate({ payload, user, time }: Operation): DocumentUpdate {
  // Only bytes are stored in a document.
  return { payload: payload as Uint8Array, user, time };
}
