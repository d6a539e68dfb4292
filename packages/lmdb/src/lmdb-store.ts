import { LongwaveError, type Operation } from '@longwave/protocol';
import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  NewOperation,
  ReadQuery,
  Relay,
  Store,
  StoredPage,
  Watcher,
} from '@longwave/core';
import { Announcer } from './announcer.js';
import { type Databases, closeDatabases } from './records/databases.js';
import { FileGuard, type OpenFiles } from './files/file-guard.js';
import { GroupCommit, type JobDone } from './writer/group-commit.js';
import type { Job, Outcome, Stored } from './writer/jobs.js';
import type { ResolvedOptions } from './options.js';
import { Peers } from './peers.js';
import { Reader } from './reader.js';
import type { StoreClock } from './records/store-clock.js';
import { StoreError, storeError } from './files/store-error.js';

/** How often it looks for what others stored, should a nudge be lost; and where there are none. */
const lookMs = 1000;
const lookWithoutPeersMs = 50;
/** Calls of `expire`, one a second, between two sweeps; a sweep that is not through goes on with the next call. */
const callsBetweenSweeps = 60;

/**
 * The store of one process: reads from the map of the file, hands what is to be written to a thread, tells who watches.
 */
export class LmdbStore implements Store {
  readonly durability = 'disk';
  readonly announcements = 'reliable';
  readonly #path: string;
  readonly #dbs: Databases;
  readonly #clock: StoreClock;
  readonly #reader: Reader;
  readonly #announcer: Announcer;
  readonly #commits: GroupCommit;
  readonly #peers: Peers;
  readonly #timer: NodeJS.Timeout;
  readonly #guard: FileGuard;
  /** The files were gone when it looked last. */
  #removed: Error | undefined;
  #calls = 0;
  #sweptTo: string | undefined;
  #isSweeping = false;
  #closing: Promise<void> | undefined;

  constructor(dbs: Databases, options: ResolvedOptions, clock: StoreClock, files: OpenFiles) {
    this.#path = options.path;
    this.#dbs = dbs;
    this.#clock = clock;
    this.#guard = new FileGuard(options.path, files);
    this.#reader = new Reader(dbs);
    this.#announcer = new Announcer(dbs, this.#reader, clock.now);
    this.#peers = new Peers(options.path, () => this.#follow());
    const { path, mapSize, forgetAfterMs, maxLogs: maxChannels, maxProducers } = options;
    this.#commits = new GroupCommit(
      { path, mapSize, forgetAfterMs, maxChannels, maxProducers, files },
      clock,
      (commit, jobs) => this.#committed(commit, jobs),
    );
    const every = this.#peers.isConnected ? lookMs : lookWithoutPeersMs;
    this.#timer = setInterval(() => this.#look(), every).unref();
  }

  append(channel: string, operation: NewOperation, keep: Keep): Promise<Appended> {
    return this.#submit({ kind: 'append', channel, operation, keep }).then(appendedBy);
  }

  async compact(channel: string, compaction: Compaction): Promise<boolean> {
    const outcome = await this.#submit({ kind: 'compact', channel, compaction });
    const isDone = 'compacted' in outcome && outcome.compacted;
    if (isDone) this.#removeReplaced(channel);
    return isDone;
  }

  read(channel: string, query: ReadQuery): StoredPage {
    const { hasExpired, ...page } = this.#attempt('read', () =>
      this.#reader.refresh().read(channel, query, this.#clock.now()),
    );
    if (hasExpired) this.#sweep();
    return page;
  }

  bounds(channel: string): Bounds {
    const { hasExpired, ...bounds } = this.#attempt('read', () =>
      this.#reader.refresh().bounds(channel, this.#clock.now()),
    );
    if (hasExpired) this.#sweep();
    return bounds;
  }

  watch(channel: string, watcher: Watcher): () => void {
    return this.#attempt('read', () => this.#announcer.watch(channel, watcher));
  }

  get relay(): Relay {
    return this.#peers;
  }

  async expire(): Promise<void> {
    const isTime = this.#calls++ % callsBetweenSweeps === 0;
    // Drop the snapshots of processes that were killed: until then LMDB reuses no page that is younger.
    if (isTime) this.#attempt('read', () => this.#dbs.root.readerCheck());
    if (isTime || this.#sweptTo !== undefined) this.#sweep();
    while (this.#attempt('read', () => this.#reader.refresh().needsExpiry(this.#clock.steady()))) {
      const outcome = await this.#submit({ kind: 'expire' });
      if (!('more' in outcome) || !outcome.more) return;
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#commits.close();
    this.#peers.close();
    this.#announcer.clear();
    await closeDatabases(this.#dbs);
  }

  #submit(job: Job): Promise<Outcome> {
    return this.#commits.submit(job).catch(this.#failed);
  }

  readonly #failed = (error: unknown): never => {
    throw storeError('The store cannot write to', this.#path, error);
  };

  /** One commit after the other, with appends of others in between. A sweep goes on with what is left where this ends early. */
  #removeReplaced(channel: string): void {
    if (this.#closing) return;
    this.#commits.submit({ kind: 'remove', channel }).then(
      (outcome) => void ('goesOn' in outcome && outcome.goesOn && this.#removeReplaced(channel)),
      () => undefined,
    );
  }

  /** Looks after what is too old. The next reader sees its result; a failure is tried again with the next sweep. */
  #sweep(): void {
    if (this.#isSweeping || this.#closing) return;
    this.#isSweeping = true;
    this.#commits.submit({ kind: 'sweep', after: this.#sweptTo }).then(
      (outcome) => {
        this.#isSweeping = false;
        this.#sweptTo = 'sweptTo' in outcome ? outcome.sweptTo : undefined;
      },
      () => (this.#isSweeping = false),
    );
  }

  #committed(commit: number, jobs: readonly JobDone[]): void {
    this.#peers.nudge();
    this.#announcer.announce(commit, jobs.flatMap(storedBy));
  }

  #look(): void {
    try {
      this.#guard.check();
      this.#removed = undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#removed = error;
      return;
    }
    this.#peers.look();
    this.#follow();
  }

  #follow(): void {
    if (this.#closing) return;
    try {
      this.#announcer.follow();
    } catch (error) {
      // A file that cannot be read: whoever reads or writes is told, and this is tried again in a second.
      if (!(error instanceof Error)) throw error;
    }
  }

  #attempt<T>(what: string, work: () => T): T {
    if (this.#closing) throw storeError(`The store cannot ${what}`, this.#path, new Error('it is closed'));
    try {
      if (this.#removed !== undefined) throw this.#removed;
      return work();
    } catch (error) {
      throw storeError(`The store cannot ${what}`, this.#path, error);
    }
  }
}

/** The result of an append. Throws where it was refused. */
function appendedBy(outcome: Outcome): Appended {
  if ('failed' in outcome) throw new StoreError(outcome.failed);
  if ('code' in outcome) throw new LongwaveError(outcome.code, outcome.message);
  const { epoch, offset, duplicate } = outcome as Appended;
  return { epoch, offset, duplicate };
}

/** Operations that a job stored, for the watchers. */
function storedBy({ job, outcome }: JobDone): readonly Stored[] {
  if ('more' in outcome) return outcome.stored;
  if (job.kind !== 'append' || !('epoch' in outcome) || outcome.duplicate) return [];
  const { channel } = job;
  const { epoch, offset, time, stored } = outcome;
  if (stored) return [{ channel, epoch, ops: stored }];
  const { payload, id, user, key = '', delta, redacts } = job.operation;
  const op: Operation = { offset, time: time!, payload, id, user, kind: redacts && 'redact' };
  return [{ channel, epoch, ops: ['keys' in job.keep ? { ...op, key, delta } : op] }];
}
