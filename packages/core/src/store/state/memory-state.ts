import type { Operation, StateBounds } from '@longwave/protocol';
import type { NewOperation, ReadQuery } from '../../base/ports.js';
import { Dedupe, type DedupeSnapshot } from '../dedupe.js';
import { findRepeated } from '../find-repeated.js';
import type { Published } from '../forgotten-channels.js';
import type { Meter } from '../meter.js';
import { type LeaseTerms, type StateBefore, type StoredChange, decideChange, expiryOf } from './decide-change.js';
import { StateMap } from './state-map.js';

/** Until when an entry lasts, and which node may move that. */
interface StoredLease {
  /** By the lease clock. */
  readonly expiresAt: number;
  readonly ttlMs: number;
  readonly holder: string | undefined;
  readonly rank: number;
  /** Another one each time that the lease is set or moved. */
  readonly generation: number;
}

/** A state at one moment, to be written down. */
export interface StateSnapshot {
  readonly top: number;
  readonly floor: number;
  /** How many removals are remembered. */
  readonly removals: number;
  readonly standsAt: number;
  /** The last of each entry and the removals that are remembered, in the order of their offsets. */
  readonly ops: readonly Operation[];
  /** Key, time to live, holder, rank and generation, in the order in which they end when they end at once. */
  readonly leases: readonly (readonly [string, number, string | undefined, number, number])[];
  readonly generation: number;
  readonly dedupe: DedupeSnapshot;
}

/** One channel's state in memory. */
export class MemoryState {
  readonly #dedupe: Dedupe;
  readonly #entries: StateMap;
  readonly #removals: number;
  readonly #leases = new Map<string, StoredLease>();
  #leaseNow = 0;
  #generation = 0;
  /** No lease ends before. */
  #nextExpiry = Infinity;
  /** Where the application's own state stood that this one includes (STATE-6). */
  #standsAt = -Infinity;
  readonly #meter: Meter;
  top = 0;

  constructor(
    maxProducers: number,
    { removals }: Pick<StateBounds, 'removals'>,
    floor = 0,
    meter: Meter = { bytes: 0 },
    mayHaveBefore?: (entry: NewOperation) => boolean,
  ) {
    this.#meter = meter;
    this.#dedupe = new Dedupe(maxProducers, meter, mayHaveBefore);
    this.#entries = new StateMap(removals, floor);
    this.#removals = removals;
  }

  /** Leases begin anew at `leaseNow`: how long it is since they were set, nobody knows who only has the snapshot. */
  static restore(maxProducers: number, snapshot: StateSnapshot, leaseNow: number): MemoryState {
    const { top, floor, standsAt, ops, leases, generation, dedupe } = snapshot;
    const state = new MemoryState(maxProducers, snapshot, floor);
    for (const op of ops) state.#entries.apply(op);
    for (const [key, ttlMs, holder, rank, set] of leases) {
      const expiresAt = leaseNow + ttlMs;
      state.#leases.set(key, { expiresAt, ttlMs, holder, rank, generation: set });
      state.#nextExpiry = Math.min(state.#nextExpiry, expiresAt);
    }
    state.#generation = generation;
    state.#dedupe.restore(dedupe, ops);
    state.#standsAt = standsAt;
    state.top = top;
    return state;
  }

  snapshot(): StateSnapshot {
    const leases = Array.from(
      this.#leases,
      ([key, { ttlMs, holder, rank, generation }]) => [key, ttlMs, holder, rank, generation] as const,
    );
    return {
      ...{ top: this.top, floor: this.floor, removals: this.#removals, standsAt: this.#standsAt },
      ...{ ops: this.read({ after: -1, limit: Infinity }), leases },
      ...{ generation: this.#generation, dedupe: this.#dedupe.snapshot() },
    };
  }

  /** Entries, without removals. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of keys and values. */
  get bytes(): number {
    return this.#entries.bytes;
  }

  /** Bytes of memory in all, roughly. */
  get heldBytes(): number {
    return this.#entries.heldBytes + this.#dedupe.bytes;
  }

  /** Bytes that it can release: never its entries. */
  get spareBytes(): number {
    return this.#dedupe.spareBytes;
  }

  halve(): void {
    this.#dedupe.halve();
  }

  published(): Iterable<Published> {
    return this.#dedupe.published();
  }

  /** Nothing is there, and where the application's state stood is not known here alone. */
  isEmptyAt(): boolean {
    return this.#entries.size === 0 && this.#standsAt === -Infinity;
  }

  /** By the lease clock: no entry ends before. `Infinity`: none does. */
  get nextExpiry(): number {
    return this.#leases.size === 0 ? Infinity : this.#nextExpiry;
  }

  get floor(): number {
    return this.#entries.floor;
  }

  /**
   * Returns what was stored, or the offset that a change which stored nothing is acknowledged with: a repeated one, or
   * one that changes nothing. `leaseNow` is the time of the leases. Throws `too-old`, `out-of-order`, `conflict`,
   * `too-many` or `too-large`.
   */
  append(entry: NewOperation, bounds: StateBounds, now: number, leaseNow: number): readonly Operation[] | number {
    this.#leaseNow = leaseNow;
    const repeated = findRepeated(this.#dedupe, entry);
    if (repeated !== undefined) return repeated;
    const { key = '' } = entry;
    const { ops, offset, lease, standsAt, remembered } = decideChange(entry, this.#state(key, now), bounds);
    if (lease) this.#lease(key, lease);
    this.#standsAt = standsAt;
    if (!ops) {
      if (remembered && entry.producer) this.#dedupe.recordSequence(entry.user, entry.producer, offset);
      return offset;
    }
    for (const op of ops) this.#store(op);
    if (remembered) this.#dedupe.record(entry, offset);
    return ops;
  }

  /** Ends what has expired. Returns the operations. */
  expire(now: number, leaseNow: number): readonly Operation[] {
    return this.end(this.overdue(leaseNow), now);
  }

  /** Keys of what has expired, each with the generation of its lease. */
  overdue(leaseNow: number): readonly (readonly [string, number])[] {
    if (leaseNow < this.#nextExpiry) return [];
    this.#nextExpiry = Infinity;
    const over: (readonly [string, number])[] = [];
    for (const [key, { expiresAt, generation }] of this.#leases) {
      this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
      if (expiresAt <= leaseNow) over.push([key, generation]);
    }
    return over;
  }

  /** Ends these, unless their leases were set or moved since. Returns the operations. */
  end(leases: readonly (readonly [string, number])[], now: number): readonly Operation[] {
    const ops: Operation[] = [];
    for (const [key, generation] of leases) {
      if (this.#leases.get(key)?.generation !== generation) continue;
      this.#leases.delete(key);
      const op = expiryOf(this.#entries.get(key)!, this.top, now);
      this.#store(op);
      ops.push(op);
    }
    return ops;
  }

  /**
   * Reads the changes after `after`, with removals, or the entry with this key; with neither, all entries. In the order
   * of their offsets.
   */
  read({ after, key, limit }: ReadQuery): readonly Operation[] {
    if (key !== undefined) return [this.#entries.get(key)].filter((op) => op !== undefined);
    const ops: Operation[] = [];
    for (let place = 0; place < this.#entries.places; place++) {
      const op = this.#entries.at(place);
      if (op && (after === undefined ? op.kind === undefined : op.offset > after)) ops.push(op);
    }
    return ops.toSorted((a, b) => a.offset - b.offset).slice(0, limit);
  }

  #state(key: string, now: number): StateBefore {
    const { top } = this;
    const { size, bytes } = this.#entries;
    const [before, lease] = [this.#entries.get(key), this.#leases.get(key)];
    return { before, lease, top, standsAt: this.#standsAt, size, bytes, now };
  }

  /** A change without `ttlMs` lasts: it is no longer the one that was to expire. */
  #lease(key: string, { ttlMs, holder, rank = 0 }: LeaseTerms): void {
    if (ttlMs === undefined) this.#leases.delete(key);
    else {
      const expiresAt = this.#leaseNow + ttlMs;
      this.#leases.set(key, { expiresAt, ttlMs, holder, rank, generation: ++this.#generation });
      this.#nextExpiry = Math.min(this.#nextExpiry, expiresAt);
    }
  }

  #store(op: StoredChange): void {
    const previous = this.#entries.last(op.key);
    this.top = op.offset;
    const before = this.#entries.heldBytes;
    const forgotten = this.#entries.apply(op);
    this.#meter.bytes += this.#entries.heldBytes - before;
    for (const { id, user } of [previous, forgotten].filter((gone) => gone !== undefined)) {
      if (id !== undefined) this.#dedupe.forgetId(id, user);
    }
  }
}
