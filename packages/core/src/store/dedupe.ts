import type { Operation } from '@longwave/protocol';
import type { Published } from './forgotten-channels.js';
import { type MemoryScope, MemoryWindows, type WindowSnapshot } from './memory-windows.js';
import type { Meter } from './meter.js';
import type { NewOperation } from '../base/ports.js';
import { ProducerWindows } from './producer-windows.js';

/** Bytes that a message id takes, roughly. */
const idBytes = 100;

/**
 * The memory, as a store writes it down: plain data, except for the message ids, which are those of the operations that
 * are kept.
 */
export interface DedupeSnapshot extends WindowSnapshot {
  readonly forgotIds: boolean;
}

/**
 * Remembers which publishes of a log are stored (PUB-2, PUB-3, PUB-4): by producer and sequence as `ProducerWindows`
 * decides, and by message id for the operations that the log retains.
 */
export class Dedupe {
  readonly #table: MemoryWindows;
  readonly #windows: ProducerWindows<MemoryScope>;
  readonly #ids = new Map<string, number>();
  readonly #meter: Meter;
  readonly #mayHaveBefore: (entry: NewOperation) => boolean;
  #forgotIds = false;

  /** `mayHaveBefore`: whether something may have been stored before this log began anew. */
  constructor(
    maxProducers: number,
    meter: Meter = { bytes: 0 },
    mayHaveBefore: (entry: NewOperation) => boolean = never,
  ) {
    this.#table = new MemoryWindows(meter);
    this.#windows = new ProducerWindows(this.#table, maxProducers);
    this.#meter = meter;
    this.#mayHaveBefore = mayHaveBefore;
  }

  /** Bytes that it takes, roughly. */
  get bytes(): number {
    return this.#table.bytes + this.#ids.size * idBytes;
  }

  /** Bytes that it can release: never the ids of retained operations. */
  get spareBytes(): number {
    return this.#table.bytes;
  }

  /** Forgets half of the producers. */
  halve(): void {
    this.#windows.halve();
  }

  *published(): Iterable<Published> {
    yield* this.#table.published();
    if (this.#forgotIds || this.#ids.size > 0) yield { of: 'ids', seq: 1 };
  }

  snapshot(): DedupeSnapshot {
    return { ...this.#table.snapshot(), forgotIds: this.#forgotIds };
  }

  /** Restores a memory that was just created; `kept` are the operations that were kept when the snapshot was taken. */
  restore({ forgotIds, ...windows }: DedupeSnapshot, kept: Iterable<Operation>): void {
    this.#table.restore(windows);
    for (const { id, user, offset } of kept) this.#recordId(id, user, offset);
    this.#forgotIds = forgotIds;
  }

  /** The offset of the first, `'new'`, or `'unknown'` when it can no longer be told. */
  find(entry: NewOperation): number | 'new' | 'unknown' {
    const found = this.#find(entry);
    return found === 'new' && entry.retry && this.#mayHaveBefore(entry) ? 'unknown' : found;
  }

  #find({ id, user, producer, retry = false }: NewOperation): number | 'new' | 'unknown' {
    // The sequence first: under the same message id another publish may have come since the first was trimmed.
    const bySequence = producer && this.#windows.find(user, producer, retry);
    if (typeof bySequence === 'number') return bySequence;
    const byId = id === undefined ? undefined : this.#ids.get(idKey(id, user));
    if (byId !== undefined) return byId;
    return bySequence ?? (id !== undefined && retry && this.#forgotIds ? 'unknown' : 'new');
  }

  /** PUB-7: the publish that has to come before this one is not there. */
  overtakes({ user, producer }: NewOperation): boolean {
    return producer !== undefined && this.#windows.overtakes(user, producer);
  }

  record({ id, user, producer }: NewOperation, offset: number): void {
    this.#recordId(id, user, offset);
    if (producer) this.#windows.record(user, producer, offset);
  }

  /** Found by its message id: its sequence is known from now on too, for when the id is forgotten first. */
  recordRepeated({ user, producer }: NewOperation, offset: number): void {
    // Not where more of this producer may have been forgotten: one sequence known must not make the others look new.
    if (producer && this.#windows.find(user, producer, true) === 'new') this.#windows.record(user, producer, offset);
  }

  /** The log no longer retains this operation. */
  forgetId(id: string, user: string | undefined): void {
    if (!this.#ids.delete(idKey(id, user))) return;
    this.#forgotIds = true;
    this.#meter.bytes -= idBytes;
  }

  #recordId(id: string | undefined, user: string | undefined, offset: number): void {
    if (id === undefined) return;
    const { size } = this.#ids;
    this.#ids.set(idKey(id, user), offset);
    if (this.#ids.size > size) this.#meter.bytes += idBytes;
  }
}

function idKey(id: string, user: string | undefined): string {
  return user === undefined ? `:${id}` : `${user.length}:${user}${id}`;
}

function never(): boolean {
  return false;
}
