import type { Operation, StateBounds } from '@longwave/protocol';
import type { Chunk, ReadQuery, StoredPage, Wire } from '../../base/ports.js';
import type { Mode } from '../../channels/state/mode.js';
import type { CompiledView } from './compiled-view.js';
import { Feed, type FeedHost, readersLooks } from '../feed.js';
import type { Start } from '../start.js';
import type { Subscription } from '../subscription.js';
import { takeBytes } from '../tail.js';
import { Contents, whole } from './contents.js';
import { type Act, Steps, lacksOf, roundOf } from './steps.js';
import { Places } from './places.js';
import { ViewLane, lingerMs, maxLeft } from './view-lane.js';

/** The parts that a feed with state needs. */
export interface StateOptions {
  readonly mode: Mode;
  readonly bounds: StateBounds;
  /** All that the store has. */
  readonly page: StoredPage;
}

/**
 * A watched channel with state. The node follows it with a copy of its own: so a newcomer, one that comes back and one
 * that is slow read from memory, by one rule (STATE-2), and the store is asked nothing.
 */
export class StateFeed extends Feed {
  readonly #mode: Mode;
  readonly #bounds: StateBounds;
  #contents: Contents;
  #views: ViewLane[] = [];
  /** Called after a flush in which something changed. */
  readonly observers = new Set<() => void>();
  #observedAt = 0;
  /** Changes since an offset, merged: most lanes stand at the same few offsets. */
  #window: { readonly after: number; readonly top: number; readonly ops: ReadonlyMap<string, Operation> } | undefined;
  readonly #steps = new Steps(this.hub, (wire, act) => this.#encodeAct(wire, act));
  /** Index of the lane that the next flush begins with: the last one has served those before it. */
  #firstLane = 0;

  constructor(hub: FeedHost, key: string, name: string, { mode, bounds, page }: StateOptions) {
    super(hub, key, name, page);
    this.#mode = mode;
    this.#bounds = bounds;
    this.#contents = this.#contentsOf(page);
  }

  /** The entries as this node knows them. */
  get entries(): Iterable<Operation> {
    return this.#state;
  }

  get #state() {
    return this.#contents.state;
  }

  override flush(corked: boolean): void {
    super.flush(corked);
    this.#steps.clear();
    if (this.#observedAt === this.top) return;
    this.#observedAt = this.top;
    for (const observe of this.observers) observe();
  }

  override startAfterReset(): Start {
    return { offset: 0, fresh: true };
  }

  override sendTop(): void {
    super.sendTop();
    for (const lane of this.#views) {
      // Tell them now about offsets that changed nothing in their view.
      if (lane.position > lane.told) this.#write(lane, [], false);
      else this.#writeTop(lane);
    }
  }

  override topFrame(subscription: Subscription) {
    const frame = super.topFrame(subscription);
    return subscription.lane instanceof ViewLane ? { ...frame, offset: subscription.lane.told } : frame;
  }

  /** VIEW-6, VIEW-7. */
  setView(subscription: Subscription, view: CompiledView): void {
    subscription.answerFirst();
    const { lane } = subscription;
    if (lane) {
      lane.remove(subscription);
      subscription.stand(this.epoch, lane instanceof ViewLane ? lane.told : lane.position);
      const known = lane instanceof ViewLane ? { view: lane.view, told: lane.told } : undefined;
      subscription.knowledge = { has: (key) => !known || this.#surelyHas(known.view, known.told, key) };
    } else subscription.stand(subscription.epoch, 0, true);
    this.ask(subscription.view, -1);
    this.ask(view, 1);
    subscription.view = view;
    if (subscription.state === 'live') this.resume(subscription);
  }

  /** Whether who followed a view has an entry that has not changed since. Along a border only some of them may. */
  #surelyHas(view: CompiledView, told: number, key: string): boolean {
    if (view.count || view.keys?.has(key) === false) return false;
    if (!view.filters) return true;
    const op = this.#state.get(key);
    return op !== undefined && op.offset <= told && this.#contents.fit(view, op) === 'in';
  }

  protected override get lingerMs(): number {
    return lingerMs;
  }

  protected override push(op: Operation): void {
    super.push(op);
    this.#contents.push(op);
  }

  protected override get missing(): ReadQuery {
    return { after: this.tail.top, limit: Infinity };
  }

  protected override absorb(page: StoredPage): void {
    if (page.top <= this.tail.top) return;
    const after = this.tail.top;
    if (after > 0 && page.floor > after) {
      // Removals that this node missed are forgotten: it takes all of it anew.
      this.restartTail(0);
      return this.catchUp();
    }
    if (after === 0) this.#contents = this.#contentsOf(page);
    else this.#contents.take(page);
    this.restartTail(page.top);
  }

  protected override leaveBehind(): void {
    super.leaveBehind();
    this.#endLanes(() => true);
    this.#window = undefined;
  }

  /** Lost changes cannot be taken out of a copy: read the state anew. */
  protected override startOver(): void {
    this.restartTail(0);
  }

  protected override *liveSubscriptions(): Iterable<Subscription> {
    yield* super.liveSubscriptions();
    for (const lane of this.#views) yield* lane.subscriptions;
  }

  protected override restartTail(top: number): void {
    for (const lane of this.#views) this.fallBack(lane, lane.told);
    this.#endLanes(() => true);
    this.#window = undefined;
    if (top === 0) this.#contents = this.#contentsOf({ top: 0, floor: 0, ops: [] });
    super.restartTail(top);
  }

  // Subscribers at the head

  protected override flushLanes(corked: boolean): void {
    super.flushLanes(corked);
    this.#contents.keepUp(this.hub);
    const now = this.hub.now();
    const lanes = this.#views;
    const first = this.#firstLane;
    this.#firstLane = 0;
    let over = false;
    let late = false;
    for (let i = 0; i < lanes.length; i++) {
      const index = (first + i) % lanes.length;
      const lane = lanes[index]!;
      if (lane.isLeft(now)) over = true;
      if (lane.position === this.top) continue;
      if (!this.#canFollow(lane)) over = true;
      else if (this.hub.looks > readersLooks) this.#flushView(lane, corked);
      else if (!late) {
        late = true;
        this.#firstLane = index;
        this.hub.mark(this);
      }
    }
    if (over) this.#endLanes((lane) => lane.isLeft(now) || !this.#canFollow(lane));
    if (this.#views.length > maxLeft) this.#endLongestLeft();
  }

  #endLongestLeft(): void {
    const left = this.#views.filter(({ subscriptions }) => subscriptions.length === 0);
    if (left.length <= maxLeft) return;
    const kept = new Set(left.toSorted((a, b) => (b.leftAt ?? 0) - (a.leftAt ?? 0)).slice(0, maxLeft));
    this.#endLanes((lane) => lane.subscriptions.length === 0 && !kept.has(lane));
  }

  /** Subscribers of these lanes read on. */
  #endLanes(isOver: (lane: ViewLane) => boolean): void {
    const over = new Set(this.#views.filter(isOver));
    for (const lane of over) {
      this.fallBack(lane, lane.told);
      lane.end();
    }
    this.#views = this.#views.filter((lane) => !over.has(lane));
  }

  /** Whether all that happened since its position can be told, removals included. */
  #canFollow(lane: ViewLane): boolean {
    if (lane.overflowed) return this.#waits(lane);
    if (lane.follows) return this.#contents.reaches(lane.lookedAt);
    return this.tail.floor <= lane.position || this.#state.floor <= lane.position;
  }

  #flushView(lane: ViewLane, corked: boolean): void {
    if (lane.follows) {
      this.#lookOn(lane);
      if (lane.pending.size === 0) return void (lane.position = this.top);
    }
    if (this.#waits(lane)) return;
    const ops = this.#changesFor(lane);
    if (!ops) return this.hub.mark(this);
    if (lane.view.intervalMs > 0) lane.dueAt = this.hub.now() + lane.view.intervalMs;
    lane.position = this.top;
    if (ops.length > 0) this.#write(lane, ops, corked);
  }

  /** VIEW-4. */
  #waits(lane: ViewLane): boolean {
    const { intervalMs } = lane.view;
    const waitMs = lane.dueAt - this.hub.now();
    // Longer than the interval: the clock was set back.
    if (waitMs <= 0 || waitMs > intervalMs) return false;
    lane.timer ??= this.hub.later(() => {
      lane.timer = undefined;
      this.hub.mark(this);
    }, waitMs);
    return true;
  }

  /** Looks at what changed. */
  #lookOn(lane: ViewLane): void {
    const { view, pending, lookedAt } = lane;
    if (lookedAt === this.top || lane.overflowed) return;
    if (view.borders) lane.lacks ??= new Places(this.#state, false);
    this.hub.looks -= this.#contents.follow(view, lookedAt, lane.lacks, pending);
    lane.lookedAt = this.top;
  }

  /** Returns the changes in a lane's view since its position. Undefined: it is still to be counted. */
  #changesFor(lane: ViewLane): readonly Operation[] | undefined {
    const { view, pending } = lane;
    if (view.count) {
      const count = this.#contents.count(view, this.hub);
      if (count === undefined) return undefined;
      if (count === lane.count) return [];
      lane.count = count;
      return [this.#contents.countOp(count, this.hub.now())];
    }
    if (view.filters) {
      const ops = this.#contents.tellAll(view, pending, lane.lacks, this.hub.now());
      pending.clear();
      return ops;
    }
    const changed = this.#changedSince(lane.position);
    if (!view.keys) return [...changed.values()];
    const ops: Operation[] = [];
    const fewer = view.keys.size < changed.size ? view.keys : changed.keys();
    for (const key of fewer) {
      const op = changed.get(key);
      if (op && view.keys.has(key)) ops.push(op);
    }
    this.hub.looks -= Math.min(view.keys.size, changed.size);
    return ops;
  }

  #changedSince(after: number): ReadonlyMap<string, Operation> {
    const { top } = this;
    if (this.#window?.after === after && this.#window.top === top) return this.#window.ops;
    const ops = new Map<string, Operation>();
    const recent = this.tail.read(after, Infinity);
    if (recent) {
      for (const op of recent) {
        const key = op.key ?? '';
        const earlier = ops.get(key);
        ops.set(key, earlier ? this.#mode.merge(earlier, op) : op);
      }
    } else {
      for (let place = 0; place < this.#state.places; place++) {
        const op = this.#state.at(place);
        if (op && op.offset > after) ops.set(op.key ?? '', whole(op));
      }
    }
    this.#window = { after, top, ops };
    return ops;
  }

  /** One act for everybody in the lane, in as many frames as it takes. */
  #write(lane: ViewLane, ops: readonly Operation[], corked: boolean): void {
    const { told, position, wire, view } = lane;
    let from = 0;
    do {
      const part = takeBytes(ops, from, this.hub.limits.chunkBytes);
      from += part.length;
      const more = from < ops.length || undefined;
      this.hub.stats.delivered += part.length * lane.subscriptions.length;
      const chunk = this.#encodeAct(wire, { tag: view.tag, after: told, offset: position, ops: part, more });
      this.hub.looks -= chunk.length >> 6;
      lane.write(chunk, told, more ? told : position, corked);
    } while (from < ops.length);
    lane.told = position;
  }

  #writeTop({ wire, view, told, subscriptions }: ViewLane): void {
    const { name: channel, epoch } = this;
    const chunk = wire.pack(wire.codec.encode({ type: 'top', channel, tag: view.tag, epoch, offset: told }));
    for (const { session } of subscriptions) if (session.writable) session.write(chunk, true);
  }

  // Subscribers that lag

  protected override readOn(reader: Subscription): void {
    const { session, cursor, view, fresh, knowledge } = reader;
    if (view?.count && this.#contents.count(view, this.hub) === undefined) return this.postpone(reader);
    if (!reader.round && !fresh && !knowledge) {
      if (cursor === this.top || this.#nothingCameBehind(reader)) return this.#joinAt(reader, true);
      if (!view && this.#readMerged(reader)) return;
      if (view?.filters && !view.count && this.#contents.reaches(cursor) && this.#readFollowed(reader)) return;
    }
    const round = (reader.round = roundOf(reader, this.#contents));
    const step = this.#steps.next(reader, round, this.#contents);
    if (!step) return this.postpone(reader);
    round.place = step.place;
    round.lacks = step.lacks;
    round.begun ||= step.chunk !== undefined;
    this.hub.stats.delivered += step.operations;
    if (step.chunk) this.tellOwed(reader);
    const writable = step.chunk === undefined || session.write(step.chunk);
    if (!step.more) {
      reader.stand(reader.epoch, round.target);
      reader.lacks = step.lacks;
      if (writable && (!step.lacks || round.target === this.top)) return this.#joinAt(reader, false);
    }
    if (writable) this.resume(reader);
    else reader.state = 'blocked';
  }

  /**
   * For one with a view that filters, when it is known what each change since its cursor took the place of. False: it
   * is more than one chunk.
   */
  #readFollowed(reader: Subscription): boolean {
    const step = this.#steps.follow(reader, this.#contents);
    if (!step) this.postpone(reader);
    if (!step?.chunk) return !step;
    this.hub.stats.delivered += step.operations;
    reader.stand(reader.epoch, this.top);
    reader.lacks = step.lacks;
    if (reader.session.write(step.chunk)) this.#joinAt(reader, false);
    else reader.state = 'blocked';
    return true;
  }

  /** Serves a reader that lags only a little. False: it is more than one chunk, or not at hand. */
  #readMerged(reader: Subscription): boolean {
    const { session, cursor } = reader;
    const recent = this.tail.read(cursor, this.hub.limits.chunkBytes);
    if (!recent || cursor + recent.length < this.top) return false;
    const ops = [...this.#changedSince(cursor).values()];
    const { top } = this;
    const chunk = this.hub.chunks.get(this, session.wire, { before: cursor, after: top }, () =>
      this.#encodeAct(session.wire, { after: cursor, offset: top, ops }),
    );
    this.hub.stats.delivered += ops.length;
    reader.cursor = top;
    if (session.write(chunk)) this.join(reader);
    else reader.state = 'blocked';
    return true;
  }

  /** Stands at its cursor and has what it was told: `exactly` what was there then, or some of it as it was later. */
  #joinAt(reader: Subscription, exactly: boolean): void {
    const { view, cursor, session } = reader;
    if (!view) {
      if (cursor === this.top) this.join(reader);
      else this.resume(reader);
      return;
    }
    const lacks = lacksOf(reader, this.#contents);
    let lane = this.#laneOf(session.wire, view);
    if (!lane) {
      lane = new ViewLane(session.wire, cursor, view, this.hub.now() + view.intervalMs);
      if (view.count) lane.count = this.#contents.count(view, this.hub);
      lane.lacks = view.borders ? lacks?.clone() : undefined;
      this.#views.push(lane);
      if (cursor < this.top) this.hub.mark(this);
    } else {
      // The lane went on while it was reading.
      if (cursor < (exactly ? lane.told : lane.position)) return this.resume(reader);
      if (lane.follows) this.#lookOn(lane);
      lane.lacks = lacks && lane.lacks?.and(lacks);
    }
    // It was told another number than the others.
    if (view.count && cursor !== lane.position) lane.count = undefined;
    reader.lacks = undefined;
    lane.add(reader);
  }

  #laneOf(wire: Wire, view: CompiledView): ViewLane | undefined {
    return this.#views.find((lane) => lane.wire === wire && lane.view.id === view.id);
  }

  /** Somebody else with its view stood where it stands, and was told nothing since. */
  #nothingCameBehind({ session, view, cursor }: Subscription): boolean {
    const lane = view && this.#laneOf(session.wire, view);
    return lane !== undefined && lane.told <= cursor && cursor <= lane.position;
  }

  // All of them

  #encodeAct(wire: Wire, act: Act): Chunk {
    const { name: channel, epoch } = this;
    return wire.pack(wire.codec.encode({ type: 'changes', channel, epoch, ...act }));
  }

  #contentsOf(page: Pick<StoredPage, 'top' | 'floor' | 'ops'>): Contents {
    return new Contents(page, this.#bounds, this.hub.limits.tailBytes);
  }
}
