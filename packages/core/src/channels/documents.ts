import { type Channels, type LogDefinition, LongwaveError, isLog } from '@longwave/protocol';
import { type CancelTimer, type Clock, type Logger, type Store, warn } from '../base/ports.js';
import { fault } from '../base/fault.js';
import type { Registry } from './registry.js';
import type { Timers } from '../base/timers.js';
import { isToldOf } from '../guards/fenced-store.js';
import type { DocumentContent, DocumentFormat } from './document-format.js';
import { readDocument } from './read-document.js';

export type { DocumentFormat } from './document-format.js';

export interface DocumentsOptions {
  readonly registry: Registry;
  readonly store: Required<Store>;
  readonly format: DocumentFormat | undefined;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Bytes and updates that a node adds to a document before it compacts it. */
const dueBytes = 256 * 1024;
const dueUpdates = 500;
/** Several nodes may find one due at once: the first to come spares the others the work. */
const spreadMs = 1000;
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

  /** Whether a document of the contract is called so. */
  has(channel: string): boolean {
    return this.#options.registry.resolve(channel)?.definition.mode === 'doc';
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
    this.#resolve(channel);
    return this.#begin(channel);
  }

  /** Reads all of the document. Rejects as `compact`: a document that cannot be read is no empty one. */
  async read(channel: string): Promise<DocumentContent> {
    this.#resolve(channel);
    const { updates, ...content } = await readDocument(this.#options.store, channel);
    // The application gets bytes of its own.
    return { ...content, updates: updates.map((update) => ({ ...update, payload: new Uint8Array(update.payload) })) };
  }

  /** The most bytes that the document may have. Throws `unknown-channel` and `wrong-mode`. */
  maxBytes(channel: string): number {
    return this.#resolve(channel).retain.bytes;
  }

  /** Milliseconds since the Unix epoch, by the clock of the engine. */
  now(): number {
    return this.#options.clock.now();
  }

  /** Calls `callback` after `delayMs` by the clock of the engine, unless that ends before. */
  after(delayMs: number, callback: () => void): CancelTimer {
    return this.#options.timers.after(delayMs, callback);
  }

  /** Tells the log that work on a document failed, unless it was told of the reason already. */
  warn(message: string, error: unknown): void {
    if (!isToldOf(error)) warn(this.#options.logger, message, error);
  }

  #resolve(channel: string): LogDefinition {
    const definition = this.#options.registry.resolve(channel)?.definition;
    if (!definition) throw fault('unknown-channel');
    if (isLog(definition) && definition.mode === 'doc') return definition;
    throw new LongwaveError('wrong-mode', `'${channel}' is no document.`);
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
    const { timers, random } = this.#options;
    timers.after(random() * spreadMs, () => {
      this.#begin(key).catch((error: unknown) => this.warn(`The document ${key} could not be compacted.`, error));
    });
  }

  async #compact(key: string): Promise<boolean> {
    const { store, format } = this.#options;
    const { floor, top } = await store.bounds(key);
    if (!format || top - floor < 2) return false;
    const { epoch, offset, updates } = await readDocument(store, key);
    const payload = await format.compact(updates);
    const isDone = await store.compact(key, { epoch, offset, payload });
    if (isDone) this.#remember(key, payload.length);
    return isDone;
  }

  #remember(key: string, bytes: number): void {
    this.#sizes.delete(key);
    if (this.#sizes.size >= maxCounted) this.#sizes.delete(this.#sizes.keys().next().value!);
    this.#sizes.set(key, bytes);
  }
}
