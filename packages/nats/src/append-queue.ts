import type { Appended, Keep, NewOperation } from '@longwave/core';
import type { JournalWriter } from './journal-writer.js';
import { Deadline } from './links/deadline.js';
import type { Applied } from './streams/model.js';
import type { JournalPlace, JournalRecord } from './streams/record.js';

/** The parts of a channel and of the node that the queue uses. */
export interface AppendHost {
  readonly channel: string;
  readonly timeoutMs: number;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Up to where this node has read the journal. */
  place(): JournalPlace | undefined;
  /** Leases that are over: keys, each with the generation of its lease. */
  overdue(): JournalRecord['ends'];
  /** Resolves when there is a model, which carries out what comes. */
  load(deadline: Deadline): Promise<unknown>;
  /** Entries will have an end: somebody MUST see to it, whatever becomes of this node. */
  guardLeases(deadline: Deadline): Promise<void>;
  /** Rejects when too much waits in this node. */
  hold(bytes: number): void;
  release(bytes: number): void;
}

interface Waiting {
  readonly operation: NewOperation | 'expire';
  readonly keep: Keep | undefined;
  readonly bytes: number;
  readonly deadline: Deadline;
  resolve(applied: Applied, index: number): void;
  reject(error: unknown): void;
}

const batchOperations = 512;
/** Bytes that an operation takes in a record beside its payload, roughly. */
const overhead = 100;

/**
 * Brings what is appended to one channel into its journal, in the order of the calls: one record at a time, which takes
 * along all that has come meanwhile.
 */
export class AppendQueue {
  readonly #host: AppendHost;
  readonly #journal: JournalWriter;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(host: AppendHost, journal: JournalWriter) {
    this.#host = host;
    this.#journal = journal;
  }

  get idle(): boolean {
    return !this.#sending;
  }

  append(operation: NewOperation, keep: Keep): Promise<Appended> {
    const { payload, delta } = operation;
    const bytes = overhead + payload.length + (delta?.length ?? 0);
    return new Promise((resolve, reject) => {
      this.#add({
        ...{ operation, keep, bytes, reject },
        deadline: new Deadline(this.#host.timeoutMs),
        resolve({ epoch, outcomes }, index) {
          const outcome = outcomes[index]!;
          if (outcome instanceof Error) reject(outcome);
          else resolve({ epoch, offset: outcome.offset, duplicate: outcome.duplicate });
        },
      });
    });
  }

  /** Ends the leases that are over. */
  expire(): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = new Deadline(this.#host.timeoutMs);
      this.#add({ operation: 'expire', keep: undefined, bytes: overhead, deadline, resolve: () => resolve(), reject });
    });
  }

  #add(waiting: Waiting): void {
    try {
      this.#host.hold(waiting.bytes);
    } catch (error) {
      return waiting.reject(error);
    }
    this.#waiting.push(waiting);
    if (!this.#sending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#sending = true;
    try {
      while (this.#waiting.length > 0) {
        // Operations that are appended later in this turn go along.
        await Promise.resolve();
        await this.#sendBatch(this.#takeBatch());
      }
    } finally {
      this.#sending = false;
    }
  }

  /** The next ones, that are kept alike. */
  #takeBatch(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    let keep: Keep | undefined;
    for (const waiting of this.#waiting) {
      if (count === batchOperations || (count > 0 && bytes + waiting.bytes > 2 ** 18)) break;
      if (waiting.keep) {
        if (keep && !isSame(keep, waiting.keep)) break;
        keep = waiting.keep;
      }
      bytes += waiting.bytes;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #sendBatch(taken: readonly Waiting[]): Promise<void> {
    const host = this.#host;
    const late = taken.filter(({ deadline }) => deadline.over);
    for (const { reject } of late)
      reject(new Error(`'${host.channel}' waited for what was appended before, for too long.`));
    const batch = late.length === 0 ? taken : taken.filter((waiting) => !late.includes(waiting));
    try {
      if (batch.length > 0) this.#settle(batch, await this.#store(batch));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      for (const { bytes } of taken) host.release(bytes);
    }
  }

  #settle(batch: readonly Waiting[], applied: Applied): void {
    let index = 0;
    for (const { operation, resolve } of batch) resolve(applied, operation === 'expire' ? -1 : index++);
  }

  async #store(batch: readonly Waiting[]): Promise<Applied> {
    const host = this.#host;
    const { deadline } = batch.at(-1)!;
    await host.load(deadline);
    const appends = batch.flatMap(({ operation }) => (operation === 'expire' ? [] : [operation]));
    const leases = appends.some(({ ttlMs }) => ttlMs !== undefined);
    if (leases) await host.guardLeases(deadline);
    const record: JournalRecord = {
      ...{ time: host.now(), appends, ends: appends.length < batch.length ? host.overdue() : [] },
      ...{ keep: batch.find(({ keep }) => keep)?.keep, behind: host.place() },
    };
    return this.#journal.write(record, { leases, deadline: () => deadline });
  }
}

function isSame(one: Keep, other: Keep): boolean {
  if (one === other) return true;
  const [first, second] = [Object.entries(one), Object.entries(other)];
  return (
    first.length === second.length &&
    first.every(([name, bound]) => (other as unknown as Record<string, unknown>)[name] === bound)
  );
}
