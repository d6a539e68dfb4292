import { type Operation, type ResetReason, type Top, breakOf, isOutdated, lastShared } from '@longwave/protocol';
import type { Bounds, CancelTimer, Chunk, ReadQuery, StoredPage, Wire } from '../base/ports.js';
import type { ChunkCache } from './chunk-cache.js';
import type { Limits } from '../base/limits.js';
import type { Start } from './start.js';
import type { Source, Subscription } from './subscription.js';
import type { Stats } from '../base/stats.js';
import type { CompiledView } from './state/compiled-view.js';
import { Lane } from './lane.js';
import { Tail, bytesOf } from './tail.js';

/** Looks of a flush that lanes leave to readers. */
export const readersLooks = 250;

/** The part of the hub that a feed uses. */
export interface FeedHost {
  readonly limits: Limits;
  readonly stats: Stats;
  readonly chunks: ChunkCache;
  /**
   * Entries that may still be looked at in this flush, or bytes of them encoded, 64 for one: what is left to do goes on
   * in the next.
   */
  looks: number;
  now(): number;
  /** As `Clock.paces`. */
  readonly paces: boolean;
  /** There is something to deliver. */
  mark(feed: Feed): void;
  /** New operations arrived. */
  touch(feed: Feed): void;
  /** As much is waiting as one write carries. */
  hurry(): void;
  /** Other views are asked of this feed, or by more or fewer. */
  onAsked(feed: Feed): void;
  release(feed: Feed): void;
  read(key: string, query: ReadQuery, done: (page: StoredPage | undefined) => void): void;
  /** Calls back in a while, or after `delayMs`, unless the engine closes before. */
  later(callback: () => void, delayMs?: number): CancelTimer;
  restart(feed: Feed, subscription: Subscription, reason: ResetReason): void;
  /** Something failed that never should. */
  failed(feed: Feed, error: unknown): void;
}

/**
 * One watched channel on this node: its tail, its lanes and its readers. All delivery happens in
 * `flush`, once a turn: first the lanes are brought to the head, then the readers read on, and
 * those that arrive at the head join their lane. Subclasses define how a reader that lags reads on, since it depends on
 * what the channel keeps.
 */
export abstract class Feed implements Source {
  /** The store's name of the channel. */
  readonly key: string;
  /** The name on the wire: differs from `key` for inboxes (CH-4). */
  readonly name: string;
  protected readonly hub: FeedHost;
  protected tail: Tail;
  readonly #lanes: Lane[] = [];
  #readers: Subscription[] = [];
  /** Readers that this flush did not come to: they are first in the next. */
  #postponed: Subscription[] = [];
  /** Views that sessions ask for, and how many of them. */
  readonly asked = new Map<string, { readonly view: CompiledView | undefined; count: number }>();
  #epoch: string;
  #holders = 0;
  #released = false;
  #lingering: CancelTimer | undefined;
  #catchingUp = false;
  /** The highest offset heard of; above the tail's top only while the feed catches up. */
  #heardOf = 0;
  /** Announced since the last flush. */
  #waitingBytes = 0;
  /** Set while the feed waits in the hub's list for the next flush. */
  dirty = false;
  lastOperationAt = 0;

  constructor(hub: FeedHost, key: string, name: string, bounds: Bounds) {
    this.hub = hub;
    this.key = key;
    this.name = name;
    this.#epoch = bounds.epoch;
    this.tail = new Tail(bounds.top, hub.limits.tailBytes);
  }

  get epoch(): string {
    return this.#epoch;
  }

  get top(): number {
    return this.tail.top;
  }

  /** Holds the feed open for one more user of it. */
  hold(): void {
    this.#holders++;
  }

  /** The last one to let go ends the watch, at once or after a while. */
  letGo(): void {
    if (--this.#holders > 0) return;
    if (this.lingerMs === 0) this.#release();
    else {
      this.#lingering?.();
      this.#lingering = this.hub.later(() => this.#holders === 0 && this.#release(), this.lingerMs);
    }
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.hub.release(this);
  }

  /** How long it stays when nobody holds it: for polls, which come again. */
  protected get lingerMs(): number {
    return 0;
  }

  /** A session's subscription: one that is counted. */
  begin(subscription: Subscription): void {
    this.ask(subscription.view, 1);
    this.resume(subscription);
  }

  /** Puts a lagging subscription among the readers of the next flush. */
  resume(subscription: Subscription): void {
    subscription.state = 'reading';
    this.#readers.push(subscription);
    this.hub.mark(this);
  }

  remove(subscription: Subscription): void {
    if (subscription.state === 'ended') return;
    subscription.answerFirst();
    subscription.lane?.remove(subscription);
    subscription.state = 'ended';
    subscription.loaded = subscription.round = undefined;
    this.ask(subscription.view, -1);
    this.letGo();
  }

  /** An operation entered the log. */
  announce(epoch: string, op: Operation): void {
    if (epoch !== this.#epoch && !this.#goOn(epoch)) return;
    const { top } = this.tail;
    if (op.offset === top + 1) {
      this.push(op);
      this.hub.touch(this);
      this.#waitingBytes += bytesOf(op);
      if (this.#waitingBytes >= this.hub.limits.chunkBytes) this.hub.hurry();
    } else if (op.offset > top) {
      this.catchUp(op.offset);
    }
  }

  /** Takes the bounds that the store reports, and so finds announcements that were lost. */
  learn(bounds: Bounds): void {
    if (bounds.epoch !== this.#epoch && !this.#goOn(bounds.epoch)) return;
    if (bounds.top > this.tail.top) this.catchUp(bounds.top);
  }

  /** A failure of one reader ends that reader; a failure at the head ends all who stand there. */
  flush(corked: boolean): void {
    this.#waitingBytes = 0;
    try {
      this.flushLanes(corked);
    } catch (error) {
      this.break(error);
    }
    const readers = this.#readers;
    if (readers.length === 0) return;
    this.#readers = [];
    for (let i = 0; i < readers.length; i++) {
      try {
        for (; i < readers.length; i++) if (readers[i]!.state === 'reading') this.#read(readers[i]!);
      } catch (error) {
        readers[i]!.session.break(error);
      }
    }
    if (this.#postponed.length === 0) return;
    this.#readers = [...this.#postponed, ...this.#readers];
    this.#postponed = [];
  }

  /** This flush has done enough. */
  protected postpone(reader: Subscription): void {
    this.#postponed.push(reader);
    this.hub.mark(this);
  }

  /**
   * The operations at the head cannot be delivered to the subscribers that stand there. They are ended with `internal`
   * and read on from where they were when they come back; it is not tried again in the next flush, which would fail the
   * same way.
   */
  break(error: unknown): void {
    this.hub.failed(this, error);
    for (const { session } of [...this.liveSubscriptions()]) session.break();
    this.leaveBehind();
  }

  /** Lanes stand at the head, whatever of it could be sent. */
  protected leaveBehind(): void {
    for (const lane of this.#lanes) lane.position = this.tail.top;
  }

  /** Tells the subscribers at the head where the head is (HB-3). */
  sendTop(): void {
    for (const { wire, subscriptions, position } of this.#lanes) {
      if (subscriptions.length === 0) continue;
      const { name: channel, epoch } = this;
      const chunk = wire.pack(wire.codec.encode({ type: 'top', channel, epoch, offset: position }));
      for (const { session } of subscriptions) if (session.writable) session.write(chunk, true);
    }
  }

  topFrame({ tag, lane }: Subscription): Top {
    // Operations of the next flush were not sent yet (HB-3).
    const offset = lane?.position ?? this.tail.top;
    return { type: 'top', channel: this.name, tag, epoch: this.#epoch, offset };
  }

  protected ask(view: CompiledView | undefined, change: 1 | -1): void {
    const id = view?.id ?? '';
    const asked = this.asked.get(id);
    if (!asked) this.asked.set(id, { view, count: change });
    else if ((asked.count += change) === 0) this.asked.delete(id);
    this.hub.onAsked(this);
  }

  /** Where a subscription stands after a reset (SUB-4). */
  abstract startAfterReset(bounds: Bounds, last: number | undefined): Start;

  /** Brings a reader one chunk further: it joins a lane, resumes or blocks. */
  protected abstract readOn(reader: Subscription): void;

  /** Takes what the store has and the feed misses. */
  protected abstract absorb(page: StoredPage): void;

  /** Another log took the place of this one, that has its operations up to `shared`. */
  protected abstract startOver(shared: number): void;

  /** The query that reads the missing operations from the store. */
  protected abstract get missing(): ReadQuery;

  /** The operation is the next one. */
  protected push(op: Operation): void {
    this.tail.push(op);
  }

  /** Somebody at the head has yet to be sent what is there. */
  protected get lanesAreBehind(): boolean {
    return this.#lanes.some(({ position, subscriptions }) => position < this.tail.top && subscriptions.length > 0);
  }

  protected flushLanes(corked: boolean): void {
    const { top } = this.tail;
    for (const lane of this.#lanes) {
      while (lane.position < top && lane.subscriptions.length > 0) {
        const ops = this.tail.read(lane.position, this.hub.limits.chunkBytes);
        if (!ops) {
          // More came in one turn than the tail holds: everybody reads on.
          this.fallBack(lane, lane.position);
          break;
        }
        const after = lane.position + ops.length;
        this.hub.stats.delivered += ops.length * lane.subscriptions.length;
        lane.write(this.encode(lane.wire, lane.position, ops), lane.position, after, corked);
        lane.position = after;
      }
      lane.position = top;
    }
  }

  /** Those that are `live`. */
  protected *liveSubscriptions(): Iterable<Subscription> {
    for (const lane of this.#lanes) yield* lane.subscriptions;
  }

  /** Lanes stand at the head between flushes of the readers, so whoever is there may join. */
  protected join(reader: Subscription): void {
    const { wire } = reader.session;
    let lane = this.#lanes.find((other) => other.wire === wire);
    if (!lane) this.#lanes.push((lane = new Lane(wire, this.tail.top)));
    lane.add(reader);
  }

  protected fallBack(lane: Lane, cursor: number): void {
    for (const subscription of [...lane.subscriptions]) {
      lane.remove(subscription);
      subscription.cursor = cursor;
      this.resume(subscription);
    }
  }

  protected encode(wire: Wire, after: number, ops: readonly Operation[]): Chunk {
    const { name: channel } = this;
    return wire.pack(wire.codec.encode({ type: 'message', channel, epoch: this.#epoch, offset: after + 1, ops }));
  }

  /** Reads what is missing from the store, until it reaches what was heard of. */
  protected catchUp(heardOf = 0): void {
    this.#heardOf = Math.max(this.#heardOf, heardOf);
    // A released feed asks a failing store no more.
    if (this.#catchingUp || this.#released) return;
    this.#catchingUp = true;
    const asked = this.#heardOf;
    const { tail } = this;
    this.hub.read(this.key, this.missing, (page) => {
      this.#catchingUp = false;
      try {
        this.#take(page, asked, tail);
      } catch (error) {
        this.break(error);
      }
    });
  }

  #take(page: StoredPage | undefined, asked: number, tail: Tail): void {
    if (!page) return void this.hub.later(() => this.catchUp());
    const isOver = page.epoch !== this.#epoch && !this.#goOn(page.epoch);
    if (isOver) return void this.hub.later(() => this.catchUp());
    // The tail was restarted while the query was under way: the answer starts at the old place and says nothing about
    // the new one.
    if (this.tail !== tail) return this.catchUp();
    this.absorb(page);
    this.hub.touch(this);
    // The answer may lack operations that were announced while it was under way, and nobody announces them again.
    if (page.top > this.tail.top || this.#heardOf > asked) this.catchUp();
    else if (this.#heardOf > this.tail.top) this.hub.later(() => this.catchUp());
  }

  /** Restarts the tail after `top`: subscribers before it read on. */
  protected restartTail(top: number): void {
    for (const lane of this.#lanes) {
      this.fallBack(lane, lane.position);
      lane.position = top;
    }
    this.tail = new Tail(top, this.hub.limits.tailBytes);
    this.hub.touch(this);
  }

  /** Directly in front of what a reader is written next, whatever its link takes. */
  protected tellOwed(reader: Subscription): void {
    const frame = reader.settle();
    if (frame) reader.session.tell(frame);
  }

  #read(reader: Subscription): void {
    if (!reader.session.writable) reader.state = 'blocked';
    else if (reader.epoch !== this.#epoch) this.#bringOver(reader);
    else if (reader.cursor > this.tail.top && !reader.loaded) {
      // It knows of operations whose announcement is still to come.
      this.catchUp();
      reader.state = 'loading';
      this.hub.later(() => reader.state === 'loading' && this.resume(reader));
    } else this.readOn(reader);
  }

  /**
   * The log has another epoch now. Where that one went on from ours, who has nothing that it has not goes on too, and
   * everybody else is told (SUB-4, EPOCH-2). False: what named it is out of date.
   */
  #goOn(epoch: string): boolean {
    if (isOutdated(epoch, this.#epoch)) return false;
    const shared = lastShared(epoch, this.#epoch) ?? -1;
    if (this.tail.top > shared) {
      // With the epoch that they stood in: each is looked at by itself.
      this.#heardOf = 0;
      this.startOver(Math.max(0, shared));
      this.#epoch = epoch;
      this.catchUp();
      return true;
    }
    this.#epoch = epoch;
    for (const subscription of this.liveSubscriptions()) subscription.epoch = epoch;
    return true;
  }

  /** Takes a reader that stands in another epoch over to the log's own. */
  #bringOver(reader: Subscription): void {
    const { epoch, cursor: offset } = reader;
    const reason = breakOf({ epoch, offset }, { epoch: this.#epoch });
    if (reason && isOutdated(this.#epoch, epoch)) {
      // The store told it of an epoch that the feed has yet to hear of.
      reader.state = 'loading';
      this.hub.later(() => reader.state === 'loading' && this.resume(reader));
      return this.catchUp();
    }
    if (reason) return this.hub.restart(this, reader, reason);
    reader.epoch = this.#epoch;
    // Read in its own epoch: what comes after its place may have been lost since.
    reader.loaded = undefined;
    this.#read(reader);
  }
}
