import type { Operation, ResetReason, Top } from '@longwave/protocol';
import type { Bounds, ReadQuery, StoredPage, Wire } from './ports.js';
import type { ChunkCache } from './chunk-cache.js';
import type { Limits } from './limits.js';
import type { Source, Subscription } from './subscription.js';
import type { Stats } from './stats.js';
import { Lane } from './lane.js';
import { Tail, bytesOf, takeBytes } from './tail.js';

/** Operations asked from the store at once, by a subscriber or by the tail. */
const pageSize = 500;

/** What a feed needs of its hub. */
export interface FeedHost {
  readonly limits: Limits;
  readonly stats: Stats;
  readonly chunks: ChunkCache;
  /** There is something to deliver. */
  mark(feed: Feed): void;
  /** New operations arrived. */
  touch(feed: Feed): void;
  /** As much is waiting as one write carries. */
  hurry(): void;
  release(feed: Feed): void;
  read(key: string, query: ReadQuery, done: (page: StoredPage | undefined) => void): void;
  later(callback: () => void): void;
  restart(feed: Feed, subscription: Subscription, reason: ResetReason): void;
}

/**
 * One watched channel on this node: its tail, its lanes and its readers. All delivery happens in
 * `flush`, once a turn: first the lanes are brought to the head, then the readers read on, and
 * those that arrive at the head join their lane.
 */
export class Feed implements Source {
  /** The store's name of the channel. */
  readonly key: string;
  /** The name on the wire: differs from `key` for inboxes (CH-4). */
  readonly name: string;
  readonly #hub: FeedHost;
  #epoch: string;
  #tail: Tail;
  readonly #lanes: Lane[] = [];
  #readers: Subscription[] = [];
  #holders = 0;
  #released = false;
  #catchingUp = false;
  /** The highest offset heard of; above the tail's top only while the feed catches up. */
  #heardOf = 0;
  /** Announced since the last flush. */
  #waitingBytes = 0;
  /** Set while the feed waits in the hub's list for the next flush. */
  dirty = false;
  lastOperationAt = 0;

  constructor(hub: FeedHost, key: string, name: string, bounds: Bounds) {
    this.#hub = hub;
    this.key = key;
    this.name = name;
    this.#epoch = bounds.epoch;
    this.#tail = new Tail(bounds.top, hub.limits.tailBytes);
  }

  get epoch(): string {
    return this.#epoch;
  }

  get top(): number {
    return this.#tail.top;
  }

  /** Holds the feed open for one more user of it. */
  hold(): void {
    this.#holders++;
  }

  /** The last one to let go ends the watch. */
  letGo(): void {
    if (--this.#holders > 0) return;
    this.#released = true;
    this.#hub.release(this);
  }

  /** Puts a subscription that is behind among the readers of the next flush. */
  resume(subscription: Subscription): void {
    subscription.state = 'reading';
    this.#readers.push(subscription);
    this.#hub.mark(this);
  }

  remove(subscription: Subscription): void {
    if (subscription.state === 'ended') return;
    if (subscription.state === 'live') this.#laneOf(subscription.session.wire).remove(subscription);
    subscription.state = 'ended';
    subscription.loaded = undefined;
    this.letGo();
  }

  /** An operation entered the log. */
  announce(epoch: string, op: Operation): void {
    if (epoch !== this.#epoch) return this.#replace(epoch);
    const { top } = this.#tail;
    if (op.offset === top + 1) {
      this.#tail.push(op);
      this.#hub.touch(this);
      this.#waitingBytes += bytesOf(op);
      if (this.#waitingBytes >= this.#hub.limits.chunkBytes) this.#hub.hurry();
    } else if (op.offset > top) {
      this.#catchUp(op.offset);
    }
  }

  /** What the store says of the log: finds announcements that were lost. */
  learn(bounds: Bounds): void {
    if (bounds.epoch !== this.#epoch) this.#replace(bounds.epoch);
    else if (bounds.top > this.#tail.top) this.#catchUp(bounds.top);
  }

  flush(corked: boolean): void {
    const { top } = this.#tail;
    this.#waitingBytes = 0;
    for (const lane of this.#lanes) {
      while (lane.position < top && lane.subscriptions.length > 0) {
        const ops = this.#tail.read(lane.position, this.#hub.limits.chunkBytes);
        if (!ops) {
          // More came in one turn than the tail holds: everybody reads on from the store.
          for (const subscription of [...lane.subscriptions]) this.#fallBack(lane, subscription);
          break;
        }
        const after = lane.position + ops.length;
        this.#hub.stats.delivered += ops.length * lane.subscriptions.length;
        lane.write(this.#encode(lane.wire, lane.position, ops), lane.position, after, corked);
        lane.position = after;
      }
      lane.position = top;
    }
    const readers = this.#readers;
    if (readers.length === 0) return;
    this.#readers = [];
    for (const reader of readers) if (reader.state === 'reading') this.#read(reader);
  }

  /** Tells the subscribers at the head where the head is (HB-3). */
  sendTop(): void {
    for (const { wire, subscriptions, position } of this.#lanes) {
      if (subscriptions.length === 0) continue;
      const chunk = wire.pack(wire.codec.encode(this.topFrame(position)));
      for (const { session } of subscriptions) if (session.writable) session.write(chunk);
    }
  }

  topFrame(offset = this.#tail.top): Top {
    return { type: 'top', channel: this.name, epoch: this.#epoch, offset };
  }

  #read(reader: Subscription): void {
    const { session } = reader;
    if (!session.writable) {
      reader.state = 'blocked';
      return;
    }
    if (reader.epoch !== this.#epoch) return this.#hub.restart(this, reader, 'epoch-changed');
    if (reader.cursor === this.#tail.top) return this.#join(reader);
    const ops = this.#nextOps(reader);
    if (!ops) return;
    const { cursor } = reader;
    const after = cursor + ops.length;
    // Clients that come back from one outage stand at one cursor: they share the encoding too.
    const chunk = this.#hub.chunks.get(this, session.wire, cursor, after, () =>
      this.#encode(session.wire, cursor, ops),
    );
    this.#hub.stats.delivered += ops.length;
    reader.cursor = after;
    if (!session.write(chunk)) reader.state = 'blocked';
    else if (reader.cursor === this.#tail.top) this.#join(reader);
    else this.resume(reader);
  }

  /** The next chunk for a reader, or undefined when it has to wait. */
  #nextOps(reader: Subscription): readonly Operation[] | undefined {
    const { chunkBytes } = this.#hub.limits;
    const { loaded, cursor } = reader;
    if (loaded) {
      const ops = takeBytes(loaded, 0, chunkBytes);
      reader.loaded = ops.length < loaded.length ? loaded.slice(ops.length) : undefined;
      return ops;
    }
    // A cursor ahead of the tail knows of operations whose announcement is still to come.
    if (cursor > this.#tail.top) {
      this.#catchUp();
      reader.state = 'loading';
      this.#hub.later(() => reader.state === 'loading' && this.resume(reader));
      return undefined;
    }
    const ops = this.#tail.read(cursor, chunkBytes);
    if (!ops) this.#load(reader);
    return ops;
  }

  #load(reader: Subscription): void {
    reader.state = 'loading';
    this.#hub.read(this.key, { after: reader.cursor, limit: pageSize }, (page) => {
      if (reader.state !== 'loading') return;
      if (!page) return this.#hub.later(() => reader.state === 'loading' && this.resume(reader));
      if (page.epoch !== reader.epoch) return this.#hub.restart(this, reader, 'epoch-changed');
      if (page.floor > reader.cursor) return this.#hub.restart(this, reader, 'trimmed');
      if (page.top < reader.cursor) return this.#hub.restart(this, reader, 'truncated');
      reader.loaded = page.ops.length > 0 ? page.ops : undefined;
      this.resume(reader);
    });
  }

  #join(reader: Subscription): void {
    // The store may have given more than the tail knows of: the lane brings it.
    reader.loaded = undefined;
    this.#laneOf(reader.session.wire).add(reader);
  }

  /** Lanes stand at the head between flushes of the readers, so whoever is there may join. */
  #laneOf(wire: Wire): Lane {
    for (const lane of this.#lanes) if (lane.wire === wire) return lane;
    const lane = new Lane(wire, this.#tail.top);
    this.#lanes.push(lane);
    return lane;
  }

  #fallBack(lane: Lane, subscription: Subscription): void {
    lane.remove(subscription);
    subscription.cursor = lane.position;
    this.resume(subscription);
  }

  #encode(wire: Wire, after: number, ops: readonly Operation[]): Uint8Array {
    const { name: channel } = this;
    return wire.pack(wire.codec.encode({ type: 'message', channel, epoch: this.#epoch, offset: after + 1, ops }));
  }

  /** Reads what the tail misses from the store, until it reaches what was heard of. */
  #catchUp(heardOf = 0): void {
    this.#heardOf = Math.max(this.#heardOf, heardOf);
    // What was let go asks a failing store no more.
    if (this.#catchingUp || this.#released) return;
    this.#catchingUp = true;
    const asked = this.#heardOf;
    this.#hub.read(this.key, { after: this.#tail.top, limit: pageSize }, (page) => {
      this.#catchingUp = false;
      if (!page) return this.#hub.later(() => this.#catchUp());
      if (page.epoch !== this.#epoch) return this.#replace(page.epoch);
      // What is trimmed cannot enter a contiguous tail: it starts anew, and cursors below it read from the store.
      if (page.floor > this.#tail.top) this.#restartTail(page.floor);
      for (const op of page.ops) if (op.offset === this.#tail.top + 1) this.#tail.push(op);
      this.#hub.touch(this);
      // What was announced while the answer was under way may not be in it, and nobody announces it again.
      if (page.top > this.#tail.top || this.#heardOf > asked) this.#catchUp();
      else if (this.#heardOf > this.#tail.top) this.#hub.later(() => this.#catchUp());
    });
  }

  /** Another log took the place of this one: everybody is told (SUB-4). */
  #replace(epoch: string): void {
    this.#epoch = epoch;
    this.#heardOf = 0;
    this.#restartTail(0);
    this.#catchUp();
  }

  #restartTail(top: number): void {
    for (const lane of this.#lanes) {
      for (const subscription of [...lane.subscriptions]) this.#fallBack(lane, subscription);
      lane.position = top;
    }
    this.#tail = new Tail(top, this.#hub.limits.tailBytes);
    this.#hub.touch(this);
  }
}
