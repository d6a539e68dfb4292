import type { Appended, Keep, NewOperation } from '@longwave/core';
import { JetStreamApiError } from '@nats-io/jetstream';
import type { Link } from './links/connection.js';
import { Deadline, delay, reasonOf } from './links/deadline.js';
import type { Applied } from './streams/model.js';
import { type JournalPlace, type JournalRecord, cutRecord, encodeRecord } from './streams/record.js';

/** The parts of a channel and of the node that the queue uses. */
export interface AppendHost {
  readonly channel: string;
  readonly subject: string;
  /** This node, as a writer of journals. */
  readonly writer: string;
  readonly timeoutMs: number;
  nextNumber(): number;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Up to where this node has read the journal. */
  place(): JournalPlace | undefined;
  /** Leases that are over: keys, each with the generation of its lease. */
  overdue(): JournalRecord['ends'];
  reach(deadline: Deadline): Promise<Link>;
  /** Resolves when there is a model, which carries out what comes. */
  load(deadline: Deadline): Promise<unknown>;
  /** Entries will have an end: somebody MUST see to it, whatever becomes of this node. */
  guardLeases(deadline: Deadline): Promise<void>;
  /** Resolves with what the message of that number did, when it comes in the journal. */
  expectOwn(number: number): Promise<Applied>;
  forgetOwn(number: number): void;
  /** The journal has it, as its message of that number: it comes here soon. */
  expect(seq: number): void;
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
const attemptMs = 700;
const pauseMs = 50;
/** Bytes that an operation takes in a record beside its payload, roughly. */
const overhead = 100;

/**
 * Brings what is appended to one channel into its journal, in the order of the calls: one record at a time, which takes
 * along all that has come meanwhile.
 */
export class AppendQueue {
  readonly #host: AppendHost;
  #waiting: Waiting[] = [];
  #sending = false;

  constructor(host: AppendHost) {
    this.#host = host;
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
    const { maxBytes } = await host.reach(deadline);
    const record = encodeRecord({
      ...{ time: host.now(), appends, ends: appends.length < batch.length ? host.overdue() : [] },
      ...{ keep: batch.find(({ keep }) => keep)?.keep, behind: host.place() },
    });
    let applied: Applied | undefined;
    for (const { number, message } of cutRecord(record, host.writer, () => host.nextNumber(), { leases, maxBytes })) {
      applied = await this.#publish(number, message, deadline);
    }
    return applied!;
  }

  /**
   * Until it comes in the journal. It is sent again if it may have been lost: a second copy has no effect, even if it
   * comes after later records of this node.
   */
  async #publish(number: number, message: Uint8Array, deadline: Deadline): Promise<Applied> {
    const host = this.#host;
    let trouble = 'no answer came';
    const come = host.expectOwn(number);
    const unknown = () =>
      `Whether '${host.channel}' has it is not known, ${trouble}: try again, it is stored once if it names its producer.`;
    try {
      for (;;) {
        const link = await host.reach(deadline);
        const timeout = Math.ceil(Math.min(attemptMs, Math.max(1, deadline.leftMs)));
        try {
          const first = await Promise.race([come, link.js.publish(host.subject, message, { timeout })]);
          if ('outcomes' in first) return first;
          host.expect(first.seq);
          return await deadline.hold(come, unknown);
        } catch (error) {
          if (error instanceof JetStreamApiError && error.status !== 503) throw refusal(host.channel, error);
          trouble = reasonOf(error);
          if (deadline.over) throw new Error(unknown(), { cause: error });
          await deadline.hold(Promise.race([come, delay(pauseMs)]), unknown);
        }
      }
    } finally {
      host.forgetOwn(number);
    }
  }
}

function refusal(channel: string, error: JetStreamApiError): Error {
  return new Error(`JetStream does not store for '${channel}': ${error.message}. See to its limits and its disk.`, {
    cause: error,
  });
}

function isSame(one: Keep, other: Keep): boolean {
  if (one === other) return true;
  const [first, second] = [Object.entries(one), Object.entries(other)];
  return (
    first.length === second.length &&
    first.every(([name, bound]) => (other as unknown as Record<string, unknown>)[name] === bound)
  );
}
