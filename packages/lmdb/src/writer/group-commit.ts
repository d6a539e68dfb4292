import type { Operation, Payload } from '@longwave/protocol';
import type { Batch, Job, Outcome } from './jobs.js';
import { bytesOf } from '../records/stored-operation.js';
import type { StoreClock } from '../records/store-clock.js';
import type { WriterOptions } from './writer.js';
import { CommitAborted, WriterThread } from './writer-thread.js';

/** Bounds of one commit. */
const maxJobs = 2000;
const maxBytes = 8 * 1024 * 1024;
/** Bounds of the jobs that wait for a commit, so that a stalled disk fills no memory. */
const maxWaiting = 100_000;
const maxWaitingBytes = 64 * 1024 * 1024;

/**
 * Milliseconds between the beginnings of two commits, where several write to documents at once and nothing else is waiting. Each commit
 * costs a wait for the disk, and each delivery a write to every socket, whether it carries one letter or ten.
 */
const gatherMs = 6;
/** The same from so many updates a second on: nobody who reads along with dozens of others sees a letter 20 ms later. */
const gatherManyMs = 20;
const manyPerSecond = 200;
/** As much is waiting as one delivery carries. */
const gatheredBytes = 32 * 1024;

export interface JobDone {
  readonly job: Job;
  readonly outcome: Outcome;
}

interface Waiting {
  readonly job: Job;
  readonly bytes: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers what is asked for in one turn of the event loop, and while a commit is under way, into one commit: one wait
 * for the disk for all. In the order of the calls. Updates of documents are gathered for some milliseconds where several
 * people write.
 */
export class GroupCommit {
  readonly #thread: WriterThread;
  readonly #clock: StoreClock;
  readonly #onCommit: (commit: number, jobs: readonly JobDone[]) => void;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Settles when nothing is under way any more. */
  #running: Promise<void> | undefined;
  /** When the last commit began, by `performance`. */
  #begunAt = -Infinity;
  /** Jobs that were handed to the thread. */
  #underWay = 0;
  /** Several are in the store at once: one who waits for each answer is never held up. */
  #isShared = false;
  /** Many updates were written between the last two commits. */
  #isBusy = false;
  /** Ends the time of gathering. */
  #hurry: (() => void) | undefined;
  #isClosed = false;

  /** `onCommit` is told what has come to the disk before those who asked for it are. */
  constructor(options: WriterOptions, clock: StoreClock, onCommit: (commit: number, jobs: readonly JobDone[]) => void) {
    this.#thread = new WriterThread(options);
    this.#clock = clock;
    this.#onCommit = onCommit;
  }

  /** Resolves when it is on the disk. Rejects with a failure of the store: it is stored whole or not at all. */
  submit(job: Job): Promise<Outcome> {
    const bytes = sizeOf(job);
    if (this.#isClosed) return Promise.reject(new Error('it is closed'));
    if (this.#waiting.length >= maxWaiting || this.#waitingBytes + bytes > maxWaitingBytes) {
      return Promise.reject(new Error('too much waits for the disk already; it is too slow, or stands still'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job: detach(job), bytes, resolve, reject });
      this.#waitingBytes += bytes;
      if (this.#waiting.length + this.#underWay > 1) this.#isShared = true;
      if (!isPatient(job) || this.#waitingBytes >= gatheredBytes) this.#hurry?.();
      this.#running ??= this.#run();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#hurry?.();
    await this.#running;
    await this.#thread.close();
  }

  async #run(): Promise<void> {
    // Jobs that come later in this turn go with it.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      await this.#gather();
      const now = performance.now();
      this.#isBusy = this.#waiting.length * 1000 > manyPerSecond * (now - this.#begunAt);
      this.#begunAt = now;
      await this.#commit(this.#takeBatch());
    }
    this.#running = undefined;
  }

  /** Waits for others who write to documents, where the last commit was just now and was not for one alone. */
  async #gather(): Promise<void> {
    const leftMs = this.#begunAt + (this.#isBusy ? gatherManyMs : gatherMs) - performance.now();
    const mayWait = this.#isShared && !this.#isClosed && this.#waitingBytes < gatheredBytes;
    if (leftMs < 1 || !mayWait || !this.#waiting.every(({ job }) => isPatient(job))) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#hurry = undefined;
    this.#isShared = this.#waiting.length > 1;
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    while (count < this.#waiting.length && count < maxJobs && (count === 0 || bytes < maxBytes)) {
      bytes += this.#waiting[count++]!.bytes;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #commit(waiting: readonly Waiting[]): Promise<void> {
    this.#underWay = waiting.length;
    const batch: Batch = { now: this.#clock.now(), steady: this.#clock.steady(), jobs: waiting.map(({ job }) => job) };
    try {
      const { commit, outcomes } = await this.#thread.commit(batch);
      if (commit !== undefined) {
        this.#onCommit(
          commit,
          waiting.map(({ job }, i) => ({ job, outcome: outcomes[i]! })),
        );
      }
      this.#underWay = 0;
      for (const [i, { resolve }] of waiting.entries()) resolve(outcomes[i]!);
    } catch (error) {
      this.#underWay = 0;
      // One of them is in error, whichever that is: the others must not fail with it.
      const isOneAtFault = error instanceof CommitAborted && error.code === undefined;
      if (isOneAtFault && waiting.length > 1) for (const one of waiting) await this.#commit([one]);
      else for (const { reject } of waiting) reject(error);
    }
  }
}

/** An update of a document, of which nobody sees that it comes a few milliseconds later, or work that nobody waits for. */
function isPatient(job: Job): boolean {
  if (job.kind === 'remove') return true;
  return job.kind === 'append' && !('keys' in job.keep) && job.keep.whole === true;
}

function sizeOf(job: Job): number {
  if (job.kind === 'compact') return job.compaction.payload.length + 100;
  if (job.kind !== 'append') return 0;
  const { payload, delta } = job.operation;
  return bytesOf(payload) + (delta === undefined ? 0 : bytesOf(delta)) + 100;
}

/** Bytes that are part of a larger buffer would take all of it along to the thread. */
function detach(job: Job): Job {
  if (job.kind === 'compact') {
    const { compaction } = job;
    return isWhole(compaction.payload)
      ? job
      : { ...job, compaction: { ...compaction, payload: own(compaction.payload) } };
  }
  if (job.kind !== 'append') return job;
  const { operation } = job;
  if (isWhole(operation.payload) && isWhole(operation.delta)) return job;
  return { ...job, operation: { ...operation, payload: own(operation.payload), delta: own(operation.delta) } };
}

function own<T extends Payload | undefined>(payload: T): T {
  return (payload instanceof Uint8Array && !isWhole(payload) ? new Uint8Array(payload) : payload) as T;
}

function isWhole(payload: Operation['delta']): boolean {
  return !(payload instanceof Uint8Array) || payload.byteLength === payload.buffer.byteLength;
}
