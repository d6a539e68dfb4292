import { type Operation, type StateBounds, decodePayload, isRemoval } from '@longwave/protocol';
import type { StoredPage } from '../../base/ports.js';
import type { CompiledView, Fit } from './compiled-view.js';
import type { Places } from './places.js';
import { Columns, type Sieve } from './columns.js';
import { Journal } from './journal.js';
import { StateMap } from '../../store/state/state-map.js';
import { Tally } from './tally.js';
import { lingerMs } from './view-lane.js';

/** Looks of a flush that counts may take before any reader is served. */
const looksAtCounts = 1000;

/** A state as this node knows it, and what views find in it. */
export class Contents {
  readonly state: StateMap;
  #journal: Journal;
  readonly #journalBytes: number;
  readonly #values = new WeakMap<Operation, unknown>();
  #columns = new Columns();
  readonly #tallies = new Map<string, Tally>();

  constructor(page: Pick<StoredPage, 'top' | 'floor' | 'ops'>, { removals }: StateBounds, journalBytes: number) {
    this.state = new StateMap(removals, page.floor);
    for (const op of page.ops) this.state.apply(op);
    this.#journal = new Journal(page.top, journalBytes);
    this.#journalBytes = journalBytes;
  }

  /** All that it missed at once. */
  take({ top, ops }: Pick<StoredPage, 'top' | 'ops'>): void {
    for (const op of ops) this.state.apply(op);
    this.#journal = new Journal(top, this.#journalBytes);
    this.#columns = new Columns();
  }

  get top(): number {
    return this.#journal.top;
  }

  push(op: Operation): void {
    const key = op.key ?? '';
    const place = this.state.placeOf(key);
    this.#journal.push({ op, before: this.state.last(key), place });
    this.state.apply(op);
    this.#columns.forget(place);
  }

  /** Whether the journal knows, for each change after an offset, the value that it replaced. */
  reaches(offset: number): boolean {
    return this.#journal.reaches(offset);
  }

  fit(view: CompiledView, op: Operation | undefined): Fit {
    return !op || isRemoval(op.kind) ? 'out' : view.fit(this.#valueOf(op));
  }

  /** For a pass over all places, before the next change. */
  sieve(view: CompiledView): Sieve | undefined {
    return this.#columns.sieve(view.ranges, this.state.places);
  }

  /** As `fit` of the entry at a place, whose numbers the sieve notes. */
  fitAt(view: CompiledView, op: Operation, place: number, sieve: Sieve): Fit {
    if (isRemoval(op.kind)) return 'out';
    const value = this.#valueOf(op);
    sieve.note(place, value);
    return view.fit(value);
  }

  /**
   * Adds to `keys` the entries that came into a view, changed in it or left it after an offset that the journal
   * reaches, and updates `lacks`, the places along the border that the followers do not have. Without `lacks` they have
   * all of the border. Returns at how many entries it looked.
   */
  follow(view: CompiledView, after: number, lacks: Places | undefined, keys: Set<string>): number {
    for (const { op, before, place } of this.#journal.after(after)) {
      const key = op.key ?? '';
      if (view.keys && !view.keys.has(key)) continue;
      const had = this.#has(this.fit(view, before), place, lacks);
      const fit = this.fit(view, op);
      const has = fit === 'in' || (fit === 'margin' && had);
      lacks?.set(place, !has);
      if (had || has) keys.add(key);
    }
    return 2 * this.#journal.behind(after) * view.weight;
  }

  #has(fit: Fit, place: number, lacks: Places | undefined): boolean {
    return fit === 'in' || (fit === 'margin' && lacks?.has(place) !== true);
  }

  /** Returns the operation that followers of a view get for an entry: its value, its removal, or `leave`. */
  #tell(view: CompiledView, key: string, lacks: Places | undefined, now: number): Operation {
    const op = this.state.last(key);
    if (op && isRemoval(op.kind)) return op;
    if (op && this.#has(this.fit(view, op), this.state.placeOf(key), lacks)) return whole(op);
    return leave(key, op?.offset ?? this.top, op?.time ?? now);
  }

  tellAll(view: CompiledView, keys: Iterable<string>, lacks: Places | undefined, now: number): Operation[] {
    return Array.from(keys, (key) => this.#tell(view, key, lacks, now));
  }

  countOp(payload: string, now: number): Operation {
    return { offset: this.top, time: now, payload, key: '' };
  }

  /** How many there are in a view, where that is counted by now. Takes looks for it otherwise. */
  count(view: CompiledView, host: { looks: number; now(): number }): string | undefined {
    let tally = this.#tallies.get(view.entries);
    if (!tally) {
      tally = new Tally(view, (op) => (view.keys?.has(op.key ?? '') ?? true) && this.fit(view, op) === 'in');
      this.#tallies.set(view.entries, tally);
    }
    tally.usedAt = host.now();
    const { top } = this.#journal;
    if (!tally.isAt(top)) host.looks -= tally.goOn(this.state, this.#journal, host.looks);
    return tally.isAt(top) ? tally.payload : undefined;
  }

  /** Brings the counts to the head that somebody asked for of late, and forgets the others. */
  keepUp(host: { looks: number; now(): number }): void {
    let left = looksAtCounts;
    for (const [id, tally] of this.#tallies) {
      if (Math.abs(host.now() - tally.usedAt) > lingerMs) this.#tallies.delete(id);
      else if (!tally.isAt(this.#journal.top)) left -= tally.goOn(this.state, this.#journal, left);
    }
    host.looks -= looksAtCounts - left;
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

/** As it is sent to those who may not have the value before (MAP-5). */
export function whole(op: Operation): Operation {
  return op.delta === undefined ? op : { ...op, delta: undefined };
}

export function leave(key: string, offset: number, time: number): Operation {
  return { offset, time, payload: '', key, kind: 'leave' };
}
