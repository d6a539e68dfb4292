import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine, Logger, ServerSubscription } from '@longwave/core';
import type { Position } from '@longwave/protocol';
import { decodePayload } from '@longwave/yjs/format';
import { type StateVector, Known, emptyUpdate, structsMissing } from '../updates/known.js';
import { type Block, type Scan, scanParts } from '../updates/scan-update.js';
import { type Parts, inTurns, smallBytes } from '../updates/turns.js';
import { joinSmall } from '../wire/frame.js';
import { AwarenessBoard } from './awareness-board.js';
import { type Numbered, type Reader, Readers, type Updates, batchBytes, bytesOf } from './readers.js';
import { type ReadUpdate, UpdateReader } from './update-reader.js';

/** An update as the log has it. */
interface Entry extends Numbered {
  readonly offset: number;
  readonly blocks: readonly Block[];
}

/** Operations asked from the store at once: some milliseconds of the event loop. */
const pageSize = 250;
/** Growth after which the compacted document is looked for in the store. */
const rebaseBytes = 256 * 1024;
const rebaseUpdates = 500;
const rebaseDelayMs = 5000;

export interface HeldDocumentOptions {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly channel: string;
}

/**
 * A document that clients of dialects have open on this node: its updates as the log has them, read once for all of them, and an
 * index of what they say. There is no `Y.Doc`, and no queue for a reader: each has a number, and is brought what is after it.
 */
export class HeldDocument implements Updates {
  readonly channel: string;
  readonly board: AwarenessBoard;
  readonly #options: HeldDocumentOptions;
  #known = new Known();
  #reader = new UpdateReader();
  #entries: Entry[] = [];
  readonly #readers = new Readers(this);
  /** Number of the last update. */
  number = 0;
  #offset = 0;
  /** The highest offset that is known to be stored. */
  #stored = 0;
  #epoch = '';
  /** Since the document was read from the store. */
  #grownBytes = 0;
  /** Called when an offset was read. */
  #waiting: { readonly offset: number; readonly done: () => void }[] = [];
  #subscription: ServerSubscription | undefined;
  #rebase: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: HeldDocumentOptions) {
    this.#options = options;
    const { engine, channel } = options;
    this.channel = channel;
    this.board = new AwarenessBoard({ engine, channel, emit: (update) => this.#emitAwareness(update) });
  }

  /** Reads all of it, and follows it from then on. Rejects with `unavailable` where the store cannot be reached. */
  async open(): Promise<void> {
    const position = await this.#read();
    if (this.#closed) return;
    this.#subscription = this.#options.engine.listening.subscribe(
      this.channel,
      { from: position, onReset: ({ reason }) => void (reason !== 'trimmed' && this.#startOver()) },
      (data, { offset, epoch }) => {
        this.#epoch = epoch;
        return this.#take(data as Uint8Array, offset);
      },
    );
  }

  get vector(): Uint8Array {
    return this.#known.vector;
  }

  /** Whether it is seen at once that the update says what the document says, and no more: that of most who come back. */
  isKnown(update: Uint8Array): boolean {
    return Buffer.compare(update, this.#known.deletions) === 0;
  }

  /** Finds the part of an update that the document lacks, undefined where it lacks nothing. */
  reduceParts(update: Uint8Array, scan: Scan): Parts<Uint8Array | undefined> {
    return this.#known.reduceParts(update, scan);
  }

  /** An update is stored there: all who join from now on have it. */
  stored(offset: number): void {
    this.#stored = Math.max(this.#stored, offset);
  }

  /**
   * Resolves when all was read that was stored before, by whichever node. While the store is away, it is what clients of this node were
   * told to be stored: who comes then is brought the rest later.
   */
  async current(): Promise<void> {
    const { engine, logger, channel } = this.#options;
    try {
      this.stored(await engine.documents.top(channel));
    } catch (error) {
      logger.info(`The end of the document ${channel} could not be looked up: ${String(error)}`);
    }
    await this.caughtUp();
  }

  /** Resolves when the operation at `offset` was read. */
  caughtUp(offset = this.#stored): Promise<void> {
    if (offset <= this.#offset || this.#closed) return Promise.resolve();
    return new Promise((done) => this.#waiting.push({ offset, done }));
  }

  /** Sends a reader what it lacks, the answer to its first step last, and from then on all that comes. */
  join(reader: Reader, has: StateVector): void {
    const { form } = reader;
    let frames: Uint8Array[] = [];
    let bytes = 0;
    for (const { update, blocks } of this.#entries) {
      const missing = has.size === 0 ? update : structsMissing(update, blocks, has);
      if (!missing) continue;
      frames.push(...form.update(missing));
      bytes += missing.length;
      if (bytes < batchBytes) continue;
      reader.write(joinSmall(frames));
      frames = [];
      bytes = 0;
    }
    const { deletions } = this.#known;
    frames.push(...form.step2(has.size === 0 ? emptyUpdate : deletions));
    reader.write(joinSmall(frames));
    reader.cursor = this.number;
    this.#readers.add(reader);
  }

  leave(reader: Reader): void {
    this.#readers.remove(reader);
  }

  /** The reader's socket takes more again. */
  drained(reader: Reader): void {
    if (!this.#readers.has(reader)) return;
    this.#readers.bringUp(reader);
    if (reader.awareness !== 'stale' || !reader.writable) return;
    reader.awareness = 'current';
    const update = this.board.all(true);
    if (update) reader.write(reader.form.awareness(update));
  }

  close(): void {
    this.#closed = true;
    this.#subscription?.unsubscribe();
    this.board.close();
    clearTimeout(this.#rebase);
    for (const { done } of this.#waiting) done();
    this.#waiting = [];
  }

  /** Reads the log from its beginning. */
  async #read(): Promise<Position> {
    const { engine } = this.#options;
    for (let after = 0; ;) {
      const { epoch, ops, top } = await engine.history(this.channel, { after, limit: pageSize });
      if (after > 0 && epoch !== this.#epoch) {
        this.#forget();
        after = 0;
        continue;
      }
      this.#epoch = epoch;
      let bytes = 0;
      for (const { payload, offset } of ops) {
        await this.#take(payload as Uint8Array, offset);
        bytes += payload.length;
        if (bytes <= smallBytes) continue;
        bytes = 0;
        await nextTurn();
      }
      this.#grownBytes = 0;
      const last = ops.at(-1);
      // An empty page of a log that has something: it ends where we stand.
      if (last === undefined || last.offset >= top) return { epoch, offset: last?.offset ?? Math.max(after, top) };
      after = last.offset;
      await nextTurn();
    }
  }

  #forget(): void {
    this.#known = new Known();
    this.#reader = new UpdateReader();
    this.#entries = [];
    this.#offset = this.#stored = 0;
  }

  /**
   * The log has lost its end. The rest of it comes next, and is sent again to everybody, which does no harm. The clients have the end,
   * and are asked for it then.
   */
  async #startOver(): Promise<void> {
    this.#forget();
    const { engine, logger } = this.#options;
    try {
      const { top } = await engine.history(this.channel, { limit: 1 });
      await this.caughtUp(top);
    } catch (error) {
      logger.info(`The document ${this.channel} could not be looked at: ${String(error)}`);
    }
    this.#readers.each(
      (form) => form.step1(this.vector),
      (reader, frame) => reader.write(frame),
    );
  }

  /** Returns a promise where it is large: then it holds up nobody. */
  #take(payload: Uint8Array, offset: number): void | Promise<void> {
    try {
      const updates = this.#reader.read(payload);
      if (updates instanceof Promise) return this.#takeInTurns(updates, offset);
      for (const { update, scan } of updates) {
        this.#known.add(scan);
        this.#append(update, offset, scan.blocks);
      }
    } catch (error) {
      this.#leaveOut(offset, error);
    }
    this.#reached(offset);
  }

  async #takeInTurns(reading: Promise<readonly ReadUpdate[]>, offset: number): Promise<void> {
    try {
      for (const { update, scan } of await reading) {
        await inTurns(this.#known.addParts(scan));
        if (this.#closed) return;
        this.#append(update, offset, scan.blocks);
      }
    } catch (error) {
      this.#leaveOut(offset, error);
    }
    this.#reached(offset);
  }

  /** It was checked when it was stored: whoever wrote it went around that. */
  #leaveOut(offset: number, error: unknown): void {
    this.#options.logger.error(`Operation ${offset} of ${this.channel} is no update, and is left out.`, error);
  }

  #reached(offset: number): void {
    this.#offset = Math.max(this.#offset, offset);
    const { length } = this.#waiting;
    if (length === 0) return;
    const due = this.#waiting.filter((waiting) => waiting.offset <= this.#offset);
    this.#waiting = this.#waiting.filter((waiting) => waiting.offset > this.#offset);
    for (const { done } of due) done();
  }

  #append(update: Uint8Array, offset: number, blocks: readonly Block[]): void {
    this.#entries.push({ number: ++this.number, offset, update, blocks });
    this.#grownBytes += update.length;
    this.#readers.deliverSoon();
    const isDue = this.#grownBytes > rebaseBytes || this.#entries.length > rebaseUpdates;
    if (isDue) this.#rebase ??= setTimeout(() => void this.#shorten(), rebaseDelayMs).unref();
  }

  after(number: number): readonly Entry[] {
    const { length } = this.#entries;
    let first = length;
    while (first > 0 && this.#entries[first - 1]!.number > number) first--;
    return first === 0 ? this.#entries : this.#entries.slice(first);
  }

  /** Takes the compacted document from the store in the place of the updates that it has taken in. */
  async #shorten(): Promise<void> {
    try {
      const { epoch, ops } = await this.#options.engine.history(this.channel, { after: 0, limit: 1 });
      const op = ops[0];
      if (op === undefined) return;
      const payload = decodePayload(op.payload as Uint8Array);
      const scan = payload.kind === 'compacted' ? await inTurns(scanParts(payload.update)) : undefined;
      // As it is by now.
      if (this.#closed || epoch !== this.#epoch) return;
      const replaced = this.#entries.filter(({ offset }) => offset <= op.offset);
      if (payload.kind === 'compacted' && scan && replaced.length > 1) {
        const { update } = payload;
        const entry = { number: replaced.at(-1)!.number, offset: op.offset, update, blocks: scan.blocks };
        this.#entries = [entry, ...this.#entries.slice(replaced.length)];
      }
      this.#grownBytes = bytesOf(this.#entries.slice(1));
    } catch (error) {
      // It stays as long as it is.
      this.#options.logger.info(`The document ${this.channel} could not be looked at: ${String(error)}`);
    } finally {
      this.#rebase = undefined;
    }
  }

  #emitAwareness(update: Uint8Array): void {
    this.#readers.each(
      (form) => form.awareness(update),
      (reader, frame) => {
        if (reader.awareness === 'new') return;
        if (reader.writable) reader.write(frame);
        else reader.awareness = 'stale';
      },
    );
  }
}
