import {
  type Operation,
  type Payload,
  breakOf,
  isOutdated,
  redactedOffset,
  redactedOperation,
} from '@longwave/protocol';
import type { Bounds, Chunk, ReadQuery, StoredPage } from '../base/ports.js';
import type { Subscription } from './subscription.js';
import { Feed } from './feed.js';
import { type Start, freshStart } from './start.js';
import { takeBytes } from './tail.js';

/**
 * A watched log: nothing is skipped (LOG-1). A reader that lags reads on from the tail, or page by page from the store.
 */
export class LogFeed extends Feed {
  /** Reads that are under way, by the position that they begin at, and the readers that wait for each. */
  readonly #reads = new Map<number, Subscription[]>();
  /** Messages whose data was taken while somebody may hold them as the store had them before (RED-2). */
  readonly #redacted = new Set<number>();

  /** Operations asked from the store at once, by a subscriber or by the tail. */
  protected readonly pageSize: number = 500;

  override startAfterReset(bounds: Bounds, last: number | undefined): Start {
    return { offset: freshStart(bounds, last) };
  }

  protected override readOn(reader: Subscription): void {
    const { session, cursor } = reader;
    if (cursor === this.tail.top) return this.#join(reader);
    const ops = this.#nextOps(reader);
    if (!ops) return;
    const after = cursor + ops.length;
    // Clients that come back from one outage stand at one cursor: they share the encoding too.
    const span = { before: cursor, after, first: this.tellingApart(ops) };
    const chunk = this.hub.chunks.get(this, session.wire, span, () => this.encode(session.wire, cursor, ops));
    this.give(reader, chunk, after, ops[0]);
  }

  /** Writes a chunk to a reader, which stands behind it then. `first`: the first operation in it, unless it was given before. */
  protected give(reader: Subscription, chunk: Chunk, after: number, _first?: Operation): void {
    this.hub.stats.delivered += after - reader.cursor;
    this.tellOwed(reader);
    reader.cursor = after;
    if (!reader.session.write(chunk)) reader.state = 'blocked';
    else if (reader.cursor === this.tail.top) this.#join(reader);
    else this.resume(reader);
  }

  protected override startOver(shared: number): void {
    // Above it the log may have other messages.
    for (const offset of this.#redacted) if (offset > shared) this.#redacted.delete(offset);
    this.restartTail(shared);
  }

  override learn(bounds: Bounds): void {
    super.learn(bounds);
    for (const offset of this.#redacted) if (offset <= bounds.floor) this.#redacted.delete(offset);
  }

  protected override push(op: Operation): void {
    super.push(op);
    if (op.kind === 'redact') this.#redact(redactedOffset(op));
  }

  /** Its place stays in the tail, and in what was read before for those who lag. */
  #redact(offset: number): void {
    this.tail.redact(offset);
    this.#redacted.add(offset);
    this.hub.chunks.clear();
  }

  #withoutRedacted(ops: readonly Operation[]): readonly Operation[] {
    if (this.#redacted.size === 0) return ops;
    return ops.map((op) => (this.#redacted.has(op.offset) ? redactedOperation(op) : op));
  }

  protected override get missing(): ReadQuery {
    return { after: this.tail.top, limit: this.pageSize };
  }

  protected override absorb(page: StoredPage): void {
    // A contiguous tail cannot take operations after a gap that was trimmed: it is restarted, and cursors below it read
    // from the store.
    if (page.floor > this.tail.top) this.restartTail(page.floor);
    for (const op of page.ops) if (op.offset === this.tail.top + 1) this.push(op);
  }

  /** The next chunk for a reader, or undefined when it has to wait. */
  #nextOps(reader: Subscription): readonly Operation[] | undefined {
    const { chunkBytes } = this.hub.limits;
    const { loaded, cursor } = reader;
    if (loaded) {
      const ops = takeBytes(loaded, 0, chunkBytes);
      reader.loaded = ops.length < loaded.length ? loaded.slice(ops.length) : undefined;
      return this.#withoutRedacted(ops);
    }
    const ops = this.tail.read(cursor, chunkBytes);
    if (!ops) this.#load(reader);
    return ops;
  }

  #load(reader: Subscription): void {
    reader.state = 'loading';
    const { cursor } = reader;
    const waiting = this.#reads.get(cursor);
    if (waiting) return void waiting.push(reader);
    // All who come to this position meanwhile share the page: it may be many megabytes, as of a document.
    const readers = [reader];
    this.#reads.set(cursor, readers);
    this.hub.read(this.key, { after: cursor, limit: this.pageSize }, (page) => {
      if (this.#reads.get(cursor) === readers) this.#reads.delete(cursor);
      if (page) this.onPage(page);
      for (const each of readers) {
        try {
          if (each.state === 'loading' && each.cursor === cursor) this.#take(each, page);
        } catch (error) {
          each.session.break(error);
        }
      }
    });
  }

  /** A page was read from the store for readers. */
  protected onPage(_page: StoredPage): void {}

  /** Tells operations with the same offsets apart. In a log there are no others. */
  protected tellingApart(_ops: readonly Operation[]): Payload | undefined {
    return undefined;
  }

  /** The store may answer a read that is under way with what is no more: those who come from now on read anew. */
  protected readAnew(): void {
    this.#reads.clear();
  }

  #take(reader: Subscription, page: StoredPage | undefined): void {
    // Failed, or of an epoch that is over: whoever answered is behind.
    if (!page || isOutdated(page.epoch, reader.epoch)) {
      return void this.hub.later(() => reader.state === 'loading' && this.resume(reader));
    }
    this.learn(page);
    const broken = breakOf({ epoch: reader.epoch, offset: reader.cursor }, page);
    if (broken) return this.hub.restart(this, reader, broken);
    reader.epoch = page.epoch;
    reader.loaded = page.ops.length > 0 ? page.ops : undefined;
    this.resume(reader);
  }

  #join(reader: Subscription): void {
    // The store may have given more than the tail knows of: the lane brings it.
    reader.loaded = undefined;
    this.tellOwed(reader);
    this.join(reader);
  }
}
