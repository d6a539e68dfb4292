import type { Operation } from '@longwave/protocol';
import type { NewOperation, Producer } from './ports.js';

/** The last publishes of one producer, oldest first. */
interface Window {
  readonly seqs: number[];
  readonly offsets: number[];
  /** Highest sequence that fell out: at or below it nothing can be told. */
  floor: number;
  /** Highest sequence stored. */
  top: number;
}

const windowSize = 512;

/** What is remembered, to be written down: plain data, but for the message ids, which are those of the operations that are kept. */
export interface DedupeSnapshot {
  /** Of each producer, the one longest unused first: id, floor, top, sequences and their offsets. */
  readonly windows: readonly (readonly [string, number, number, readonly number[], readonly number[]])[];
  readonly forgottenSeq: number;
  readonly forgotIds: boolean;
}

/**
 * Remembers which publishes of a log are stored (PUB-2, PUB-3, PUB-4): by producer and sequence
 * for the last 512 of each of the `maxProducers` most recent producers, and by message id for
 * the operations that the log retains.
 */
export class Dedupe {
  readonly #windows = new Map<string, Window>();
  readonly #ids = new Map<string, number>();
  readonly #maxProducers: number;
  /** Highest sequence of any forgotten producer: above it nothing was forgotten, whoever asks. */
  #forgottenSeq = 0;
  #forgotIds = false;

  constructor(maxProducers: number) {
    this.#maxProducers = maxProducers;
  }

  snapshot(): DedupeSnapshot {
    const windows = Array.from(
      this.#windows,
      ([id, { floor, top, seqs, offsets }]) => [id, floor, top, [...seqs], [...offsets]] as const,
    );
    return { windows, forgottenSeq: this.#forgottenSeq, forgotIds: this.#forgotIds };
  }

  /** Of one that was just made; `kept` are the operations that were kept when the snapshot was taken. */
  restore({ windows, forgottenSeq, forgotIds }: DedupeSnapshot, kept: Iterable<Operation>): void {
    for (const [id, floor, top, seqs, offsets] of windows) {
      this.#windows.set(id, { floor, top, seqs: [...seqs], offsets: [...offsets] });
    }
    for (const { id, user, offset } of kept) if (id !== undefined) this.#ids.set(idKey(id, user), offset);
    this.#forgottenSeq = forgottenSeq;
    this.#forgotIds = forgotIds;
  }

  /** The offset of the first, `'new'`, or `'unknown'` when it can no longer be told. */
  find({ id, user, producer, retry = false }: NewOperation): number | 'new' | 'unknown' {
    // The sequence first: under the same message id another publish may have come since the first was trimmed.
    const bySequence = producer && this.#findProducer(producer, retry);
    if (typeof bySequence === 'number') return bySequence;
    const byId = id === undefined ? undefined : this.#ids.get(idKey(id, user));
    if (byId !== undefined) return byId;
    return bySequence ?? (id !== undefined && retry && this.#forgotIds ? 'unknown' : 'new');
  }

  #findProducer({ id, seq }: Producer, retry: boolean): number | 'new' | 'unknown' {
    const window = this.#windows.get(id);
    if (window && seq <= window.floor) return 'unknown';
    const at = window ? window.seqs.lastIndexOf(seq) : -1;
    if (at >= 0) return window!.offsets[at]!;
    // Also above all that the window holds: it may have been opened by a first sending that was long under way, after
    // what came behind it was stored by its retries and forgotten.
    return retry && seq <= this.#forgottenSeq ? 'unknown' : 'new';
  }

  /** PUB-7: the publish that has to come before this one is not there. One below the floor will never be stored any more (PUB-8). */
  overtakes({ producer }: NewOperation): boolean {
    const { id, after = 0 } = producer ?? {};
    if (id === undefined || after === 0) return false;
    const window = this.#windows.get(id);
    return !window || (after > window.floor && (after > window.top || window.seqs.lastIndexOf(after) < 0));
  }

  record({ id, user, producer }: NewOperation, offset: number): void {
    if (id !== undefined) this.#ids.set(idKey(id, user), offset);
    if (producer) this.#recordProducer(producer, offset);
  }

  /** Found by its message id: its sequence is known from now on too, for when the id is forgotten first. */
  recordRepeated({ producer }: NewOperation, offset: number): void {
    // Not where more of this producer may have been forgotten: one sequence known must not make the others look new.
    if (producer && this.#findProducer(producer, true) === 'new') this.#recordProducer(producer, offset);
  }

  #recordProducer(producer: Producer, offset: number): void {
    // What a producer that may have been forgotten published before can no longer be told.
    const floor = Math.min(producer.seq - 1, this.#forgottenSeq);
    const window = this.#windows.get(producer.id) ?? { seqs: [], offsets: [], floor, top: 0 };
    // Re-inserted so that the map's order is that of the last use.
    this.#windows.delete(producer.id);
    this.#windows.set(producer.id, window);
    window.seqs.push(producer.seq);
    window.offsets.push(offset);
    window.top = Math.max(window.top, producer.seq);
    if (window.seqs.length > windowSize) {
      window.floor = Math.max(window.floor, window.seqs.shift()!);
      window.offsets.shift();
    }
    if (this.#windows.size > this.#maxProducers) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [id, { seqs, floor }] = this.#windows.entries().next().value!;
    this.#windows.delete(id);
    for (const seq of seqs) this.#forgottenSeq = Math.max(this.#forgottenSeq, seq);
    this.#forgottenSeq = Math.max(this.#forgottenSeq, floor);
  }

  /** The log no longer retains this operation. */
  forgetId(id: string, user: string | undefined): void {
    if (this.#ids.delete(idKey(id, user))) this.#forgotIds = true;
  }
}

function idKey(id: string, user: string | undefined): string {
  return user === undefined ? `:${id}` : `${user.length}:${user}${id}`;
}
