import type { Operation } from '@longwave/protocol';
import { type MemoryScope, MemoryWindows, type WindowSnapshot } from './memory-windows.js';
import type { NewOperation } from './ports.js';
import { ProducerWindows } from './producer-windows.js';

/** What is remembered, to be written down: plain data, but for the message ids, which are those of the operations that are kept. */
export interface DedupeSnapshot extends WindowSnapshot {
  readonly forgotIds: boolean;
}

/**
 * Remembers which publishes of a log are stored (PUB-2, PUB-3, PUB-4): by producer and sequence as `ProducerWindows` decides, and by
 * message id for the operations that the log retains.
 */
export class Dedupe {
  readonly #table = new MemoryWindows();
  readonly #windows: ProducerWindows<MemoryScope>;
  readonly #ids = new Map<string, number>();
  #forgotIds = false;

  constructor(maxProducers: number) {
    this.#windows = new ProducerWindows(this.#table, maxProducers);
  }

  snapshot(): DedupeSnapshot {
    return { ...this.#table.snapshot(), forgotIds: this.#forgotIds };
  }

  /** Of one that was just made; `kept` are the operations that were kept when the snapshot was taken. */
  restore({ forgotIds, ...windows }: DedupeSnapshot, kept: Iterable<Operation>): void {
    this.#table.restore(windows);
    for (const { id, user, offset } of kept) if (id !== undefined) this.#ids.set(idKey(id, user), offset);
    this.#forgotIds = forgotIds;
  }

  /** The offset of the first, `'new'`, or `'unknown'` when it can no longer be told. */
  find({ id, user, producer, retry = false }: NewOperation): number | 'new' | 'unknown' {
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
    if (id !== undefined) this.#ids.set(idKey(id, user), offset);
    if (producer) this.#windows.record(user, producer, offset);
  }

  /** Found by its message id: its sequence is known from now on too, for when the id is forgotten first. */
  recordRepeated({ user, producer }: NewOperation, offset: number): void {
    // Not where more of this producer may have been forgotten: one sequence known must not make the others look new.
    if (producer && this.#windows.find(user, producer, true) === 'new') this.#windows.record(user, producer, offset);
  }

  /** The log no longer retains this operation. */
  forgetId(id: string, user: string | undefined): void {
    if (this.#ids.delete(idKey(id, user))) this.#forgotIds = true;
  }
}

function idKey(id: string, user: string | undefined): string {
  return user === undefined ? `:${id}` : `${user.length}:${user}${id}`;
}
