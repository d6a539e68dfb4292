import { continueEpoch, type Operation } from '@longwave/protocol';
import {
  type Bounds,
  type Compaction,
  type Keep,
  type LogSnapshot,
  MemoryLog,
  MemoryState,
  type NewOperation,
  type ReadQuery,
  type StateSnapshot,
  type StoredPage,
} from '@longwave/core';
import { Compacting, type CompactingSnapshot } from './compacting.js';
import { Pieces } from './pieces.js';
import { type JournalPlace, type JournalRecord, type Piece, decodeRecord, readPiece } from './record.js';

/**
 * From here on a shard's journal is another one: operations stored after `after` were lost with the end of the journal.
 */
export interface Era {
  readonly after: number;
  readonly id: string;
}

/** The outcome of an append: it is acknowledged, or refused. */
export type Outcome = { readonly offset: number; readonly duplicate: boolean } | Error;

/** The effect of a message of the journal. */
export interface Applied {
  readonly writer: string;
  readonly number: number;
  readonly epoch: string;
  readonly outcomes: readonly Outcome[];
  readonly ops: readonly Operation[];
  /** It was a compaction, and took effect. */
  readonly compacted?: boolean;
  /** The place that its writer had read up to, if it is the last piece of a record. */
  readonly behind?: JournalPlace | undefined;
}

export interface ModelSnapshot {
  readonly seq: number;
  readonly era: number;
  readonly epoch: string;
  readonly writers: readonly (readonly [string, number, Uint8Array])[];
  readonly compacting: CompactingSnapshot;
  readonly log: LogSnapshot | undefined;
  readonly state: StateSnapshot | undefined;
}

/** Writers whose last message is remembered, to know the copies of it. */
const maxWriters = 64;
/** Bytes that an operation takes in memory beside its payload, roughly. */
const operationOverhead = 200;

/**
 * A channel as its journal makes it: the same messages make the same model on every node. Decisions by the journal MUST
 * depend on nothing else, above all on no clock of this node.
 */
export class Model {
  /** The last message of the journal that was applied. */
  seq = 0;
  /** Bytes of the journal that no checkpoint made superfluous, as far as this node knows. */
  journalBytes = 0;
  /** The journal has data that were taken from the log (RED-1). */
  mustErase = false;
  #epoch: string;
  #era = 0;
  #log: MemoryLog | undefined;
  #state: MemoryState | undefined;
  readonly #writers = new Map<string, Pieces>();
  #compacting = new Compacting();
  readonly #maxProducers: number;

  /** `seq`: what comes before in the journal is of another log. */
  constructor(epoch: string, maxProducers: number, seq = 0) {
    this.seq = seq;
    this.#epoch = epoch;
    this.#maxProducers = maxProducers;
  }

  /** `leaseNow`: by the lease clock of this node. */
  static restore(snapshot: ModelSnapshot, maxProducers: number, leaseNow: number): Model {
    const model = new Model(snapshot.epoch, maxProducers);
    model.seq = snapshot.seq;
    model.#era = snapshot.era;
    if (snapshot.log) model.#log = MemoryLog.restore(maxProducers, snapshot.log);
    if (snapshot.state) model.#state = MemoryState.restore(maxProducers, snapshot.state, leaseNow);
    for (const [id, number, piece] of snapshot.writers) {
      model.#writers.set(id, new Pieces(number, piece));
    }
    model.#compacting = new Compacting(snapshot.compacting);
    return model;
  }

  snapshot(): ModelSnapshot {
    const writers = Array.from(this.#writers, ([id, { number, joined }]) => [id, number, joined] as const);
    return {
      ...{ seq: this.seq, era: this.#era, epoch: this.#epoch, writers, compacting: this.#compacting.snapshot() },
      ...{ log: this.#log?.snapshot(), state: this.#state?.snapshot() },
    };
  }

  /** Eras of the journal that are over for it. */
  get era(): number {
    return this.#era;
  }

  get epoch(): string {
    return this.#epoch;
  }

  get top(): number {
    return (this.#state ?? this.#log)?.top ?? 0;
  }

  /** In memory, about. */
  get bytes(): number {
    const log = this.#log ? this.#log.bytes + (this.#log.top - this.#log.floor) * operationOverhead : 0;
    const state = this.#state ? this.#state.bytes + this.#state.size * operationOverhead : 0;
    return 1000 + log + state;
  }

  /** By the lease clock of this node: nothing expires before. */
  get nextExpiry(): number {
    return this.#state?.nextExpiry ?? Infinity;
  }

  /** Leases that are over by the lease clock of this node: keys, each with the generation of its lease. */
  overdue(leaseNow: number): JournalRecord['ends'] {
    return this.#state?.overdue(leaseNow) ?? [];
  }

  bounds(now: number): Bounds {
    const floor = this.#state?.floor ?? this.#log?.floorAt(now) ?? 0;
    return { epoch: this.#epoch, floor, top: this.top };
  }

  read(query: ReadQuery, now: number): StoredPage {
    const bounds = this.bounds(now);
    const ops = this.#state ? this.#state.read(query) : this.#log?.read(query, bounds.floor);
    return { ...bounds, ops: ops ?? [] };
  }

  /** To be called before messages after the end of an era are applied, and when all of the journal has been applied. */
  enter(eras: readonly Era[], seq = Infinity): void {
    for (let era = eras[this.#era]; era && seq > era.after; era = eras[this.#era]) {
      this.#epoch = continueEpoch(this.#epoch, this.top, era.id);
      this.#era++;
    }
  }

  /**
   * Messages MUST come in the order of the journal. `leaseNow`, by the lease clock of this node, is when leases that
   * are set in it begin here: no node ends one before it has had it for so long. Throws when it is none of ours: the
   * model is of no use then.
   */
  apply(seq: number, message: Uint8Array, leaseNow: number): Applied {
    const piece = readPiece(message);
    const { writer, number } = piece;
    this.seq = seq;
    this.journalBytes += message.length + operationOverhead;
    const nothing: Applied = { writer, number, epoch: this.#epoch, outcomes: [], ops: [] };
    const record = piece.compacts ? this.#compacting.take(piece) : this.#gather(piece);
    if (!record) return nothing;
    const decoded = decodeRecord(record);
    return { ...nothing, ...this.#carryOut(decoded, leaseNow), behind: decoded.behind };
  }

  #gather(piece: Piece): Uint8Array | undefined {
    const pieces = this.#writers.get(piece.writer) ?? new Pieces();
    if (piece.number <= pieces.number) return undefined;
    this.#writers.delete(piece.writer);
    this.#writers.set(piece.writer, pieces);
    if (this.#writers.size > maxWriters) this.#writers.delete(this.#writers.keys().next().value!);
    return pieces.take(piece);
  }

  #carryOut(
    { time, keep, appends, ends, compact }: JournalRecord,
    leaseNow: number,
  ): Pick<Applied, 'outcomes' | 'ops' | 'compacted'> {
    if (compact) return { outcomes: [], ops: [], compacted: this.#compact(compact) };
    const ops: Operation[] = [...(this.#state?.end(ends, time) ?? [])];
    const outcomes = appends.map((append) => this.#append(append, keep!, { time, leaseNow }, ops));
    return { outcomes, ops };
  }

  /** By the epoch that the journal has here, so all nodes decide alike. */
  #compact({ epoch, offset, payload }: Compaction): boolean {
    return this.#epoch === epoch && this.#log?.compact({ offset, payload }) === true;
  }

  #append(
    operation: NewOperation,
    keep: Keep,
    { time, leaseNow }: { readonly time: number; readonly leaseNow: number },
    ops: Operation[],
  ): Outcome {
    try {
      if (!('keys' in keep)) {
        const stored = (this.#log ??= new MemoryLog(this.#maxProducers)).append(operation, keep, time, this.#epoch);
        if (typeof stored === 'number') return { offset: stored, duplicate: true };
        ops.push(stored);
        this.mustErase ||= stored.kind === 'redact';
        return { offset: stored.offset, duplicate: false };
      }
      this.#state ??= new MemoryState(this.#maxProducers, keep);
      const stored = this.#state.append(operation, keep, time, leaseNow);
      if (typeof stored === 'number') return { offset: stored, duplicate: true };
      ops.push(...stored);
      return { offset: this.#state.top, duplicate: false };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
