import { type Channels, type LogDefinition, LongwaveError, isLog } from '@longwave/protocol';
import { type CancelTimer, type Clock, type Logger, type MakeId, type Store, warn } from '../base/ports.js';
import { fault } from '../base/fault.js';
import type { Registry } from './registry.js';
import type { Timers } from '../base/timers.js';
import { isToldOf } from '../guards/fenced-store.js';
import { AutomaticVersions } from './automatic-versions.js';
import type {
  DocumentContent,
  DocumentSize,
  DocumentFormat,
  DocumentVersion,
  VersionBounds,
} from './document-format.js';
import { type VersionContent, type VersionMeta, VersionStore } from './version-store.js';
import { measureDocument, readDocument } from './read-document.js';

export type { DocumentFormat } from './document-format.js';

export interface DocumentsOptions {
  readonly registry: Registry;
  readonly store: Required<Store>;
  readonly format: DocumentFormat | undefined;
  readonly timers: Timers;
  readonly clock: Clock;
  readonly random: () => number;
  readonly makeId: MakeId;
  readonly logger: Logger;
}

/** Bytes and updates that a node adds to a document before it compacts it. */
const dueBytes = 256 * 1024;
const dueUpdates = 500;
/** A larger document is compacted after more of them: so many more for each step. */
const stepBytes = 1024 * 1024;
/** Several nodes may find one due at once: the first to come spares the others the work. */
const spreadMs = 1000;
/**
 * Time between two compactions of one document for the number of its updates, at least: a hundred people make 500 of them in a second. And
 * so many times as long as the last one took, so that the work on a document that is written to all the time stays a hundredth of it.
 */
const restMs = 10_000;
const restTimes = 100;
const maxRestMs = 60_000;
const defaultVersionBounds: VersionBounds = { count: 100, bytes: 64 * 1024 * 1024 };
/** Times that a version is made anew, because another node made one of an earlier state meanwhile. */
const maxVersionTries = 5;
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

/** A compaction that this node has made. */
interface Last {
  readonly bytes: number;
  readonly at: number;
  readonly tookMs: number;
}

/** The documents of a node: checks what is written to them, and compacts those that it wrote to. */
export class Documents {
  readonly #options: DocumentsOptions;
  /** Bytes and updates that this node added to each since it was compacted. */
  readonly #grown = new Map<string, Growth>();
  /** Those that wait until they have rested. */
  readonly #resting = new Set<string>();
  /** The last compaction of each: a large document is compacted after more. */
  readonly #last = new Map<string, Last>();
  readonly #compacting = new Map<string, Promise<boolean>>();
  readonly #versions: VersionStore;
  readonly #automatic: AutomaticVersions | undefined;

  constructor(options: DocumentsOptions) {
    this.#options = options;
    const { store, makeId, format, clock, timers, random } = options;
    const { versions: rhythm, versionBounds = defaultVersionBounds } = format ?? {};
    this.#versions = new VersionStore(store, makeId, versionBounds);
    this.#automatic =
      rhythm &&
      new AutomaticVersions({
        ...{ clock, timers, random, rhythm },
        onRest: (key, offset) => this.#keep(key, (top) => top === offset),
        onMany: (key) => this.#keep(key, (top, since) => top - since >= rhythm.updates),
      });
  }

  /** Knows the meaning of updates; undefined where the contract has no documents. */
  get format(): DocumentFormat | undefined {
    return this.#options.format;
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

  /** Called after each update that this node stored, with its offset. */
  grew(key: string, bytes: number, offset: number): void {
    this.#automatic?.wrote(key, offset);
    let growth = this.#grown.get(key);
    if (!growth) {
      if (this.#grown.size >= maxCounted) this.#grown.delete(this.#grown.keys().next().value!);
      this.#grown.set(key, (growth = { bytes: 0, updates: 0 }));
    }
    growth.bytes += bytes;
    growth.updates++;
    const last = this.#last.get(key);
    const size = last?.bytes ?? 0;
    if (growth.bytes >= Math.max(dueBytes, size / 4)) this.#soon(key);
    else if (growth.updates >= dueUpdatesAt(size) && !this.#resting.has(key)) {
      this.#soon(key, this.#restOf(last));
    }
  }

  /** Called when somebody opens it: updates of a node that is gone may never have become due there. */
  opened(key: string, updates: number): void {
    if (updates >= 2 * dueUpdatesAt(this.#last.get(key)?.bytes ?? 0) && !this.#resting.has(key)) this.#soon(key);
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
    const { updates, ...content } = await this.#read(channel);
    // The application gets bytes of its own.
    return { ...content, updates: updates.map((update) => ({ ...update, payload: new Uint8Array(update.payload) })) };
  }

  /** As `read`, with the bytes of the store: whoever reads them so changes none. */
  async share(channel: string): Promise<DocumentContent> {
    this.#resolve(channel);
    return this.#read(channel);
  }

  /** How much the store keeps of it. Reads all of it, page by page. Rejects as `compact`. */
  async size(channel: string): Promise<DocumentSize> {
    this.#resolve(channel);
    return measureDocument(this.#options.store, channel, this.#pause);
  }

  /** The offset of its newest update, as the store has it now, whichever node stored it: 0 where there is none. Rejects as `compact`. */
  async top(channel: string): Promise<number> {
    this.#resolve(channel);
    return (await this.#options.store.bounds(channel)).top;
  }

  /** All of the document in one payload, as the format compacts it. Rejects as `compact`. */
  async content(channel: string): Promise<Uint8Array> {
    this.#resolve(channel);
    const { updates } = await this.#read(channel);
    // There is one where a document is in the contract.
    return this.#options.format!.compact(updates);
  }

  /** The versions that are kept of a document, the oldest first. Rejects as `compact`. */
  async versions(channel: string): Promise<readonly DocumentVersion[]> {
    this.#resolve(channel);
    return this.#versions.list(channel);
  }

  /** The content of a version, as the format compacted it. Rejects as `compact`, and with `trimmed` when it is not there. */
  async readVersion(channel: string, id: string): Promise<Uint8Array> {
    this.#resolve(channel);
    return this.#versions.read(channel, id);
  }

  /**
   * Keeps the document as it is now under a name, until that version is the oldest there is no room for. Rejects as `compact`, and
   * with `too-many` or `too-large` where the versions that have names leave no room.
   */
  async saveVersion(
    channel: string,
    meta: Required<Pick<VersionMeta, 'name'>> & VersionMeta,
  ): Promise<DocumentVersion> {
    this.#resolve(channel);
    return this.#versions.save(channel, await this.#compacted(channel), meta);
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

  /** Milliseconds until the document may be compacted for the number of its updates. */
  #restOf(last: Last | undefined): number {
    if (!last) return 0;
    const restedMs = Math.max(0, this.now() - last.at);
    return Math.max(0, Math.min(maxRestMs, Math.max(restMs, last.tookMs * restTimes)) - restedMs);
  }

  #soon(key: string, leftMs = 0): void {
    this.#grown.delete(key);
    if (this.#compacting.has(key)) return;
    const { timers, random } = this.#options;
    this.#resting.add(key);
    timers.after(leftMs + random() * spreadMs, () => {
      this.#resting.delete(key);
      this.#begin(key).catch((error: unknown) => this.warn(`The document ${key} could not be compacted.`, error));
    });
  }

  async #compact(key: string): Promise<boolean> {
    const { store, format } = this.#options;
    const { floor, top } = await store.bounds(key);
    if (!format || top - floor < 2) return false;
    return (await this.#compacted(key)).isDone;
  }

  /** All of the document in one payload, which takes the place of its updates as well. */
  async #compacted(key: string): Promise<VersionContent & { readonly isDone: boolean }> {
    const { store, format } = this.#options;
    const beganAt = this.now();
    const { epoch, offset, updates } = await this.#read(key);
    const payload = await format!.compact(updates);
    const isDone = updates.length > 1 && (await store.compact(key, { epoch, offset, payload }));
    if (isDone) this.#remember(key, payload.length, Math.max(0, this.now() - beganAt));
    return { epoch, offset, payload, isDone };
  }

  /** Keeps a version, unless `isDue` says no to the document's top and the offset of its last version. */
  #keep(key: string, isDue: (top: number, since: number) => boolean): void {
    const work = async (): Promise<void> => {
      for (let tries = 0; tries < maxVersionTries; tries++) {
        const { epoch, top } = await this.#options.store.bounds(key);
        const last = (await this.#versions.list(key)).at(-1);
        const since = last?.epoch === epoch ? last.offset : 0;
        if (top === since || !isDue(top, since)) return;
        if ((await this.#versions.keep(key, await this.#compacted(key), last?.id ?? '0')) !== 'taken') return;
      }
    };
    work().catch((error: unknown) => this.warn(`A version of the document ${key} could not be kept.`, error));
  }

  /** All of the document, page by page, with a turn of the event loop after each. */
  #read(key: string): Promise<DocumentContent> {
    return readDocument(this.#options.store, key, this.#pause);
  }

  readonly #pause = (): Promise<void> => new Promise((resolve) => this.#options.clock.defer(resolve));

  #remember(key: string, bytes: number, tookMs: number): void {
    this.#last.delete(key);
    if (this.#last.size >= maxCounted) this.#last.delete(this.#last.keys().next().value!);
    this.#last.set(key, { bytes, at: this.now(), tookMs });
  }
}

/** Updates after which a document with a compaction of so many bytes is due. */
function dueUpdatesAt(bytes: number): number {
  return dueUpdates * (1 + Math.floor(bytes / stepBytes));
}
