import {
  LongwaveError,
  type Operation,
  type Payload,
  type Position,
  type ResolvedRetention,
  redactedOperation,
} from '@longwave/protocol';
import { fault } from '../base/fault.js';
import type { Compaction, NewOperation, ReadQuery } from '../base/ports.js';
import { Dedupe, type DedupeSnapshot } from './dedupe.js';
import { findRepeated } from './find-repeated.js';
import { requireRetained } from './require-retained.js';
import type { Published } from './forgotten-channels.js';
import { type Meter, isWide, operationBytes } from './meter.js';

/** A log at one moment, to be written down. */
export interface LogSnapshot {
  readonly top: number;
  readonly maxAgeMs: number;
  readonly ops: readonly Operation[];
  readonly dedupe: DedupeSnapshot;
}

/** Stands where an operation was trimmed. */
const gone: Operation = { offset: 0, time: 0, payload: '' };

/** One channel's log in memory: a run of operations, trimmed from its start. */
export class MemoryLog {
  readonly #dedupe: Dedupe;
  // Trimming moves `#start`; the array is cut when half of it is dead, so that it costs O(1) an operation.
  #ops: Operation[] = [];
  #start = 0;
  #bytes = 0;
  #heldBytes = 0;
  /** Payloads that are kept and take two bytes a unit. */
  #wide = 0;
  #maxAgeMs = Infinity;
  readonly #meter: Meter;
  top = 0;
  /** Nothing of it may be let go of. */
  isWhole = false;

  /** `mayHaveBefore`: whether something may have been stored in this channel before it was forgotten. */
  constructor(maxProducers: number, meter: Meter = { bytes: 0 }, mayHaveBefore?: (entry: NewOperation) => boolean) {
    this.#dedupe = new Dedupe(maxProducers, meter, mayHaveBefore);
    this.#meter = meter;
  }

  static restore(maxProducers: number, { top, maxAgeMs, ops, dedupe }: LogSnapshot): MemoryLog {
    const log = new MemoryLog(maxProducers);
    log.top = top;
    log.#maxAgeMs = maxAgeMs;
    log.#ops = [...ops];
    for (const { payload } of ops) log.#count(payload, 1);
    log.#dedupe.restore(dedupe, ops);
    return log;
  }

  snapshot(): LogSnapshot {
    const ops = this.#ops.slice(this.#start);
    return { top: this.top, maxAgeMs: this.#maxAgeMs, ops, dedupe: this.#dedupe.snapshot() };
  }

  /** Bytes of the payloads that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of memory in all, roughly. */
  get heldBytes(): number {
    return this.#heldBytes + this.#dedupe.bytes;
  }

  /** Bytes that it can release. */
  get spareBytes(): number {
    return this.isWhole ? this.#dedupe.spareBytes : this.heldBytes;
  }

  published(): Iterable<Published> {
    return this.#dedupe.published();
  }

  isEmptyAt(now: number): boolean {
    this.trimExpired(now);
    return this.#kept === 0;
  }

  /** Lets go of the older half: there is no room for it. */
  halve(): void {
    if (this.isWhole || this.#dedupe.spareBytes > this.#heldBytes) return this.#dedupe.halve();
    for (let left = Math.ceil(this.#kept / 2); left > 0; left--) this.#trimOne();
  }

  get floor(): number {
    return this.top - (this.#ops.length - this.#start);
  }

  /**
   * Returns the stored operation, or the offset of the first when it is a repeated publish. Throws `too-old` (PUB-4),
   * `out-of-order` (PUB-7) and what `Store.append` fails with. `epoch` is that of
   * the log, which a redaction names.
   */
  append(entry: NewOperation, retain: ResolvedRetention, now: number, epoch = ''): Operation | number {
    // Whether or not somebody has read since, what is too old is forgotten.
    this.trimExpired(now);
    const repeated = findRepeated(this.#dedupe, entry);
    if (repeated !== undefined) return repeated;
    const { payload, id, user, expect, redacts } = entry;
    if (expect !== undefined && expect !== this.top) throw fault('conflict');
    if (retain.whole && this.#bytes + payload.length > retain.bytes)
      throw new LongwaveError('too-large', `The log has ${this.#bytes} bytes, and may have ${retain.bytes}.`);
    if (redacts && !this.#redact(redacts, epoch)) {
      if (entry.producer) this.#dedupe.recordSequence(user, entry.producer, this.top);
      return this.top;
    }
    const op: Operation = { offset: this.top + 1, time: now, payload, id, user, kind: redacts && 'redact' };
    this.top = op.offset;
    this.#ops.push(op);
    this.#count(payload, 1);
    this.#dedupe.record(entry, op.offset);
    this.#maxAgeMs = retain.ageMs;
    this.isWhole = retain.whole === true;
    while (this.#kept > retain.count || (this.#bytes > retain.bytes && this.#kept > 0)) this.#trimOne();
    this.trimExpired(now);
    return op;
  }

  /** Returns false where there is no data to take. */
  #redact({ epoch, offset }: Position, ownEpoch: string): boolean {
    requireRetained({ epoch, offset }, { epoch: ownEpoch, floor: this.floor, top: this.top });
    const at = this.#start + offset - this.floor - 1;
    const op = this.#ops[at]!;
    if (op.kind !== undefined) return false;
    const redacted = redactedOperation(op);
    this.#count(op.payload, -1);
    this.#count(redacted.payload, 1);
    this.#ops[at] = redacted;
    return true;
  }

  /** As `Store.compact`. */
  compact({ offset, payload }: Pick<Compaction, 'offset' | 'payload'>): boolean {
    if (offset <= this.floor || offset > this.top) return false;
    while (this.floor < offset - 1) this.#trimOne();
    const { id, user, payload: before, time } = this.#ops[this.#start]!;
    if (id !== undefined) this.#dedupe.forgetId(id, user);
    this.#count(before, -1);
    this.#count(payload, 1);
    this.#ops[this.#start] = { offset, time, payload };
    return true;
  }

  /** Drops what is older than the age bound of the last append (LOG-2). */
  trimExpired(now: number): void {
    const oldest = now - this.#maxAgeMs;
    while (this.#kept > 0 && this.#ops[this.#start]!.time < oldest) this.#trimOne();
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

  get #kept(): number {
    return this.#ops.length - this.#start;
  }

  /** The payload came, or went. */
  #count(payload: Payload, sign: 1 | -1): void {
    // Where no wide one came, none is looked for.
    const wide = (sign > 0 || this.#wide > 0) && isWide(payload);
    if (wide) this.#wide += sign;
    const bytes = sign * ((wide ? 2 : 1) * payload.length + operationBytes);
    this.#bytes += sign * payload.length;
    this.#heldBytes += bytes;
    this.#meter.bytes += bytes;
  }

  #trimOne(): void {
    const op = this.#ops[this.#start]!;
    // Its payload is let go of at once, which can be 64 KiB.
    this.#ops[this.#start++] = gone;
    this.#count(op.payload, -1);
    if (op.id !== undefined) this.#dedupe.forgetId(op.id, op.user);
    if (this.#start > 64 && this.#start * 2 > this.#ops.length) {
      this.#ops = this.#ops.slice(this.#start);
      this.#start = 0;
    }
  }
}
