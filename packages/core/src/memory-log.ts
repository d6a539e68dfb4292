import type { Operation, ResolvedRetention } from '@longwave/protocol';
import type { NewOperation, ReadQuery } from './ports.js';
import { Dedupe, type DedupeSnapshot } from './dedupe.js';
import { fault } from './fault.js';

/** A log at one moment, to be written down. */
export interface LogSnapshot {
  readonly top: number;
  readonly maxAgeMs: number;
  readonly ops: readonly Operation[];
  readonly dedupe: DedupeSnapshot;
}

/** One channel's log in memory: a run of operations, trimmed from its start. */
export class MemoryLog {
  readonly #dedupe: Dedupe;
  // Trimming moves `#start`; the array is cut when half of it is dead, so that it costs O(1) an operation.
  #ops: Operation[] = [];
  #start = 0;
  #bytes = 0;
  #maxAgeMs = Infinity;
  top = 0;

  constructor(maxProducers: number) {
    this.#dedupe = new Dedupe(maxProducers);
  }

  static restore(maxProducers: number, { top, maxAgeMs, ops, dedupe }: LogSnapshot): MemoryLog {
    const log = new MemoryLog(maxProducers);
    log.top = top;
    log.#maxAgeMs = maxAgeMs;
    log.#ops = [...ops];
    for (const { payload } of ops) log.#bytes += payload.length;
    log.#dedupe.restore(dedupe, ops);
    return log;
  }

  snapshot(): LogSnapshot {
    const ops = this.#ops.slice(this.#start);
    return { top: this.top, maxAgeMs: this.#maxAgeMs, ops, dedupe: this.#dedupe.snapshot() };
  }

  /** Of the payloads that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  get floor(): number {
    return this.top - (this.#ops.length - this.#start);
  }

  /** Returns the stored operation, or the offset of the first when it is a repeated publish. Throws `too-old` (PUB-4) or `out-of-order` (PUB-7). */
  append(entry: NewOperation, retain: ResolvedRetention, now: number): Operation | number {
    // Before it is known as another's by its message id: those behind it would take it for stored in its place.
    if (this.#dedupe.overtakes(entry)) throw fault('out-of-order');
    const found = this.#dedupe.find(entry);
    if (found === 'unknown') throw fault('too-old');
    if (found !== 'new') {
      this.#dedupe.recordRepeated(entry, found);
      return found;
    }
    const { payload, id, user } = entry;
    const op: Operation = { offset: this.top + 1, time: now, payload, id, user };
    this.top = op.offset;
    this.#ops.push(op);
    this.#bytes += payload.length;
    this.#dedupe.record(entry, op.offset);
    this.#maxAgeMs = retain.ageMs;
    while (this.#count > retain.count || (this.#bytes > retain.bytes && this.#count > 0)) this.#trimOne();
    this.trimExpired(now);
    return op;
  }

  /** Drops what is older than the age bound of the last append (LOG-2). */
  trimExpired(now: number): void {
    const oldest = now - this.#maxAgeMs;
    while (this.#count > 0 && this.#ops[this.#start]!.time < oldest) this.#trimOne();
  }

  /** Where the log begins at `now` by the age bound, for one whose operations are trimmed only with an append. */
  floorAt(now: number): number {
    const oldest = now - this.#maxAgeMs;
    let at = this.#start;
    while (at < this.#ops.length && this.#ops[at]!.time < oldest) at++;
    return this.floor + at - this.#start;
  }

  /** `from`: nothing at or before it is told. */
  read({ after, before, limit }: ReadQuery, from = 0): readonly Operation[] {
    const trimmed = this.floor;
    const floor = Math.max(trimmed, from);
    const end = Math.min(this.top, before === undefined ? this.top : before - 1);
    const first = after === undefined ? Math.max(floor + 1, end - limit + 1) : Math.max(floor, after) + 1;
    const last = Math.min(end, first + limit - 1);
    if (last < first) return [];
    return this.#ops.slice(this.#start + first - trimmed - 1, this.#start + last - trimmed);
  }

  get #count(): number {
    return this.#ops.length - this.#start;
  }

  #trimOne(): void {
    const op = this.#ops[this.#start++]!;
    this.#bytes -= op.payload.length;
    if (op.id !== undefined) this.#dedupe.forgetId(op.id, op.user);
    if (this.#start > 64 && this.#start * 2 > this.#ops.length) {
      this.#ops = this.#ops.slice(this.#start);
      this.#start = 0;
    }
  }
}
