import { type Changes, type Operation, type StateBounds, decodePayload, isRemoval } from '@longwave/protocol';
import type { ReadQuery, StoredPage, Wire } from '../ports.js';
import type { Mode } from './mode.js';
import type { CompiledView } from './compiled-view.js';
import type { Round } from './round.js';
import { Feed, type FeedHost } from '../feed.js';
import type { Start } from '../start.js';
import type { Subscription } from '../subscription.js';
import { bytesOf, takeBytes } from '../tail.js';
import { StateMap } from './state-map.js';
import { ViewLane, lingerMs } from './view-lane.js';

/** What a feed with state is made of. */
export interface StateOptions {
  readonly mode: Mode;
  readonly bounds: StateBounds;
  /** All that the store has. */
  readonly page: StoredPage;
}

/** One frame of a round, for all readers that are as far. */
interface Step {
  readonly chunk: Uint8Array;
  readonly operations: number;
  /** Entries that a reader of it has then, where its view filters. */
  readonly told: readonly string[];
  readonly place: number;
  readonly more: boolean;
}

type Act = Omit<Changes, 'type' | 'channel' | 'epoch'>;

/**
 * A watched channel with state. The node follows it with a copy of its own: so a newcomer, one that comes back and one that is
 * slow read from memory, by one rule (STATE-2), and the store is asked nothing.
 */
export class StateFeed extends Feed {
  readonly #mode: Mode;
  readonly #bounds: StateBounds;
  #state: StateMap;
  #views: ViewLane[] = [];
  /** Called after a flush in which something changed. */
  readonly observers = new Set<() => void>();
  #observedAt = 0;
  /** What changed since an offset, merged: lanes stand at few of them. */
  #window: { readonly after: number; readonly top: number; readonly ops: ReadonlyMap<string, Operation> } | undefined;
  /** Steps of rounds in this flush, by what they depend on. */
  readonly #steps = new Map<Wire, Map<string, Step>>();
  #values = new WeakMap<Operation, unknown>();

  constructor(hub: FeedHost, key: string, name: string, { mode, bounds, page }: StateOptions) {
    super(hub, key, name, page);
    this.#mode = mode;
    this.#bounds = bounds;
    this.#state = stateOf(page, bounds);
  }

  /** The entries as this node knows them. */
  get entries(): Iterable<Operation> {
    return this.#state;
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
      // Of what was nothing to them they learn now.
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
      subscription.knowledge = { has: (key) => !(lane instanceof ViewLane) || this.#surelyHas(lane, key) };
    } else subscription.stand(subscription.epoch, 0, true);
    this.ask(subscription.view, -1);
    this.ask(view, 1);
    subscription.view = view;
    if (subscription.state === 'live') this.resume(subscription);
  }

  /** Whether who stood in the lane has an entry that has not changed since. Along a border only some of them may. */
  #surelyHas({ view, inside }: ViewLane, key: string): boolean {
    if (view.count) return false;
    const op = this.#state.get(key);
    if (view.filters) return op !== undefined && inside.has(key) && view.fit(this.#valueOf(op)) === 'in';
    return view.keys?.has(key) ?? true;
  }

  protected override get lingerMs(): number {
    return lingerMs;
  }

  protected override push(op: Operation): void {
    super.push(op);
    this.#state.apply(op);
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
    if (after === 0) this.#state = stateOf(page, this.#bounds);
    else for (const op of page.ops) this.#state.apply(op);
    this.restartTail(page.top);
  }

  protected override leaveBehind(): void {
    super.leaveBehind();
    this.#endLanes(() => true);
    this.#window = undefined;
  }

  /** What was lost cannot be taken out of a copy: it is read anew. */
  protected override startOver(): void {
    this.restartTail(0);
  }

  protected override *standing(): Iterable<Subscription> {
    yield* super.standing();
    for (const lane of this.#views) yield* lane.subscriptions;
  }

  protected override restartTail(top: number): void {
    for (const lane of this.#views) this.fallBack(lane, lane.told);
    this.#endLanes(() => true);
    this.#window = undefined;
    if (top === 0) this.#state = new StateMap(this.#bounds.removals);
    super.restartTail(top);
  }

  // Who stands at the head

  protected override flushLanes(corked: boolean): void {
    super.flushLanes(corked);
    let left = false;
    let lost = false;
    for (const lane of this.#views) {
      left ||= lane.isLeft(this.hub.now());
      if (lane.position === this.top) continue;
      if (this.#remembers(lane.position)) this.#flushView(lane, corked);
      else lost = true;
    }
    if (left) this.#endLanes((lane) => lane.isLeft(this.hub.now()));
    if (!lost) return;
    // A rate kept them behind what is forgotten by now: they read on.
    const isLost = (lane: ViewLane): boolean => !this.#remembers(lane.position);
    for (const lane of this.#views) if (isLost(lane)) this.fallBack(lane, lane.told);
    this.#endLanes(isLost);
  }

  #endLanes(isOver: (lane: ViewLane) => boolean): void {
    for (const lane of this.#views) if (isOver(lane)) lane.end();
    this.#views = this.#views.filter((lane) => !isOver(lane));
  }

  /** Whether all that happened behind an offset can be told, removals included. */
  #remembers(offset: number): boolean {
    return this.tail.floor <= offset || this.#state.floor <= offset;
  }

  #flushView(lane: ViewLane, corked: boolean): void {
    const { intervalMs } = lane.view;
    if (intervalMs > 0) {
      const now = this.hub.now();
      const waitMs = lane.dueAt - now;
      // Longer than the interval: the clock was set back.
      if (waitMs > 0 && waitMs <= intervalMs) {
        lane.timer ??= this.hub.later(() => {
          lane.timer = undefined;
          this.hub.mark(this);
        }, waitMs);
        return;
      }
      lane.dueAt = now + intervalMs;
    }
    const ops = this.#changesFor(lane);
    lane.position = this.top;
    if (ops.length > 0) this.#write(lane, ops, corked);
  }

  /** What happened in a lane's view since its position. */
  #changesFor(lane: ViewLane): readonly Operation[] {
    const { view } = lane;
    if (view.count) {
      const op = this.#countOf(view);
      if (op.payload === lane.count) return [];
      lane.count = op.payload;
      return [op];
    }
    const changed = this.#changedSince(lane.position);
    const ops: Operation[] = [];
    for (const key of view.keys && view.keys.size < changed.size ? view.keys : changed.keys()) {
      const op = changed.get(key);
      if (!op || (view.keys && !view.keys.has(key))) continue;
      const told = view.filters ? this.#filtered(lane, key, op) : op;
      if (told) ops.push(told);
    }
    return ops;
  }

  #filtered({ view, inside }: ViewLane, key: string, op: Operation): Operation | undefined {
    const fit = isRemoval(op.kind) ? 'out' : view.fit(this.#valueOf(op));
    if (fit === 'in' || (fit === 'margin' && inside.has(key))) {
      inside.add(key);
      return whole(op);
    }
    if (!inside.delete(key)) return undefined;
    return isRemoval(op.kind) ? op : { offset: op.offset, time: op.time, payload: '', key, kind: 'leave' };
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
      lane.write(chunk, told, more ? told : position, corked);
    } while (from < ops.length);
    lane.told = position;
  }

  #writeTop({ wire, view, told, subscriptions }: ViewLane): void {
    const { name: channel, epoch } = this;
    const chunk = wire.pack(wire.codec.encode({ type: 'top', channel, tag: view.tag, epoch, offset: told }));
    for (const { session } of subscriptions) if (session.writable) session.write(chunk, true);
  }

  // Who is behind

  protected override readOn(reader: Subscription): void {
    const { session, cursor, view } = reader;
    if (!reader.round) {
      const known = !reader.fresh && !reader.knowledge;
      if (known && (cursor === this.top || this.#nothingCameBehind(reader)))
        return this.#joinAt(reader, this.#alike(view), true);
      if (known && !view && this.#readMerged(reader)) return;
    }
    const round = (reader.round = this.#roundOf(reader));
    const step = this.#step(reader, round);
    round.place = step.place;
    for (const key of step.told) round.told?.add(key);
    this.hub.stats.delivered += step.operations;
    this.tellOwed(reader);
    const writable = session.write(step.chunk);
    if (!step.more) {
      reader.stand(reader.epoch, round.target);
      if (writable) return this.#joinAt(reader, round.told ?? [], false);
    }
    if (writable) this.resume(reader);
    else reader.state = 'blocked';
  }

  /** For one that is but a little behind. False: it is more than one chunk, or not at hand. */
  #readMerged(reader: Subscription): boolean {
    const { session, cursor } = reader;
    const recent = this.tail.read(cursor, this.hub.limits.chunkBytes);
    if (!recent || cursor + recent.length < this.top) return false;
    const ops = [...this.#changedSince(cursor).values()];
    const { top } = this;
    const chunk = this.hub.chunks.get(this, session.wire, cursor, top, () =>
      this.#encodeAct(session.wire, { after: cursor, offset: top, ops }),
    );
    this.hub.stats.delivered += ops.length;
    reader.cursor = top;
    if (session.write(chunk)) this.join(reader);
    else reader.state = 'blocked';
    return true;
  }

  /** The round it is in, or a new one where there is none or removals that it would have to name were forgotten. */
  #roundOf({ cursor, round, view, knowledge, fresh }: Subscription): Round {
    const forgotten = cursor < this.#state.floor;
    if (round?.of === this.#state && (round.replace || !forgotten)) return round;
    const filters = view?.filters === true;
    return {
      of: this.#state,
      target: this.top,
      replace: fresh || forgotten || filters || view?.count === true || knowledge !== undefined,
      keys: view?.keys && [...view.keys],
      told: filters ? new Set() : undefined,
      place: 0,
    };
  }

  /** The next frame of a reader's round. */
  #step(reader: Subscription, round: Round): Step {
    const { session, cursor, view, knowledge, fresh } = reader;
    let steps = this.#steps.get(session.wire);
    if (!steps) this.#steps.set(session.wire, (steps = new Map()));
    const id = `${cursor} ${round.target} ${round.place} ${round.replace} ${fresh} ${view?.id}`;
    const step = (!knowledge && steps.get(id)) || this.#makeStep(reader, round);
    if (!knowledge) steps.set(id, step);
    return step;
  }

  #makeStep({ session, cursor, view, knowledge, fresh }: Subscription, round: Round): Step {
    const { target: offset, replace, keys } = round;
    const end = view?.count ? 0 : (keys?.length ?? this.#state.places);
    const ops: Operation[] = view?.count ? [this.#countOf(view)] : [];
    const keep: string[] = [];
    let { place } = round;
    for (let bytes = 0; place < end && bytes < this.hub.limits.chunkBytes; place++) {
      const op = keys ? this.#state.last(keys[place]!) : this.#state.at(place);
      if (!op || (replace ? isRemoval(op.kind) : op.offset <= cursor)) continue;
      const key = op.key ?? '';
      if (replace && view?.filters) {
        const fit = view.fit(this.#valueOf(op));
        if (fit === 'out' || (fit === 'margin' && !knowledge?.has(key))) continue;
      }
      if (replace && !fresh && op.offset <= cursor && (knowledge?.has(key) ?? true)) {
        keep.push(key);
        bytes += key.length + 4;
      } else {
        ops.push(whole(op));
        bytes += bytesOf(op);
      }
    }
    const more = place < end || undefined;
    const chunk = this.#encodeAct(session.wire, {
      ...{ tag: view?.tag, after: cursor, offset, ops, more },
      ...(replace && round.place === 0 && { replace, scope: view?.scope }),
      keep: keep.length > 0 ? keep : undefined,
    });
    const told = view?.filters ? [...keep, ...ops.map((op) => op.key ?? '')] : [];
    return { chunk, operations: ops.length, told, place, more: more === true };
  }

  /** Stands at its cursor and has what it was told: `exactly` what was there then, or some of it as it was later. */
  #joinAt(reader: Subscription, told: Iterable<string>, exactly: boolean): void {
    const { view, cursor, session } = reader;
    if (!view) {
      if (cursor === this.top) this.join(reader);
      else this.resume(reader);
      return;
    }
    let lane = this.#laneOf(session.wire, view);
    if (!lane) {
      lane = new ViewLane(session.wire, cursor, view, this.hub.now() + view.intervalMs);
      if (view.count) lane.count = this.#countOf(view).payload;
      this.#views.push(lane);
      if (cursor < this.top) this.hub.mark(this);
    }
    // The lane went on while it was reading.
    if (cursor < (exactly ? lane.told : lane.position)) return this.resume(reader);
    for (const key of told) lane.inside.add(key);
    // It was told another number than the others.
    if (view.count && cursor !== lane.position) lane.count = undefined;
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

  /** What a receiver that is up to date has by its view, or may have: along a border that depends on where it came from. */
  *#alike(view: CompiledView | undefined): Iterable<string> {
    if (!view?.filters) return;
    for (const op of this.#state) if (view.fit(this.#valueOf(op)) !== 'out') yield op.key ?? '';
  }

  // All of them

  #encodeAct(wire: Wire, act: Act): Uint8Array {
    const { name: channel, epoch } = this;
    return wire.pack(wire.codec.encode({ type: 'changes', channel, epoch, ...act }));
  }

  #countOf(view: CompiledView): Operation & { readonly payload: string } {
    const users = new Set<string>();
    let entries = 0;
    for (const op of this.#state) {
      if (view.keys && !view.keys.has(op.key ?? '')) continue;
      if (view.filters && view.fit(this.#valueOf(op)) !== 'in') continue;
      entries++;
      users.add(op.user ?? op.key ?? '');
    }
    const payload = JSON.stringify({ entries, users: users.size });
    return { offset: this.top, time: this.hub.now(), payload, key: '' };
  }

  #valueOf(op: Operation): unknown {
    let value = this.#values.get(op);
    if (value === undefined && !this.#values.has(op)) {
      value = decodePayload(op.payload);
      this.#values.set(op, value);
    }
    return value;
  }
}

function stateOf(page: StoredPage, { removals }: StateBounds): StateMap {
  const state = new StateMap(removals, page.floor);
  for (const op of page.ops) state.apply(op);
  return state;
}

/** As it is sent to those who may not have the value before (MAP-5). */
function whole(op: Operation): Operation {
  return op.delta === undefined ? op : { ...op, delta: undefined };
}
