import type { Operation } from '@longwave/protocol';
import type { PublishMemory } from './find-repeated.js';
import type { Published } from './forgotten-channels.js';
import { type MemoryScope, MemoryWindows, type WindowSnapshot } from './memory-windows.js';
import type { Meter } from './meter.js';
import type { NewOperation, Producer } from '../base/ports.js';
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
export class Dedupe implements PublishMemory {
  readonly #table: MemoryWindows;
  readonly windows: ProducerWindows<MemoryScope>;
  readonly #ids = new Map<string, number>();
  readonly #meter: Meter;
  readonly mayHaveBefore: (entry: NewOperation) => boolean;
  forgotIds = false;

  /** `mayHaveBefore`: whether something may have been stored before this log began anew. */
  constructor(
    maxProducers: number,
    meter: Meter = { bytes: 0 },
    mayHaveBefore: (entry: NewOperation) => boolean = never,
  ) {
    this.#table = new MemoryWindows(meter);
    this.windows = new ProducerWindows(this.#table, maxProducers);
    this.#meter = meter;
    this.mayHaveBefore = mayHaveBefore;
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
    this.windows.halve();
  }

  *published(): Iterable<Published> {
    yield* this.#table.published();
    if (this.forgotIds || this.#ids.size > 0) yield { of: 'ids', seq: 1 };
  }

  snapshot(): DedupeSnapshot {
    return { ...this.#table.snapshot(), forgotIds: this.forgotIds };
  }

  /** Restores a memory that was just created; `kept` are the operations that were kept when the snapshot was taken. */
  restore({ forgotIds, ...windows }: DedupeSnapshot, kept: Iterable<Operation>): void {
    this.#table.restore(windows);
    for (const { id, user, offset } of kept) this.#recordId(id, user, offset);
    this.forgotIds = forgotIds;
  }

  offsetOf(id: string, user: string | undefined): number | undefined {
    return this.#ids.get(idKey(id, user));
  }

  record({ id, user, producer }: NewOperation, offset: number): void {
    this.#recordId(id, user, offset);
    if (producer) this.windows.record(user, producer, offset);
  }

  /** Remembers the publish by its producer alone: a message id is remembered with what it stored. */
  recordSequence(user: string | undefined, producer: Producer, offset: number): void {
    this.windows.record(user, producer, offset);
  }

  /** The log no longer retains this operation. */
  forgetId(id: string, user: string | undefined): void {
    if (!this.#ids.delete(idKey(id, user))) return;
    this.forgotIds = true;
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
