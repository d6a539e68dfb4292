import { LongwaveError } from '@longwave/protocol';
import { type Databases, closeDatabases, openDatabases } from '../records/databases.js';
import { FileGuard, type OpenFiles } from '../files/file-guard.js';
import { type Batch, type BatchDone, type Job, JobFailed, type Outcome, type Stored } from './jobs.js';
import { dueLeases } from './leases.js';
import { appendToLog, compactLog, removeReplaced } from './log-changes.js';
import { StateChanges } from './state-changes.js';
import { sweep } from './sweep.js';
import { Buffers, type Kept, Transaction, type TransactionLimits } from './transaction.js';

export interface WriterOptions extends TransactionLimits {
  readonly path: string;
  readonly mapSize: number;
  readonly forgetAfterMs: number;
  readonly files: OpenFiles;
}

/** Entries that one transaction ends at most. */
const expiredAtOnce = 1000;

/** Takes decisions and writes, a batch in a transaction. Runs in a thread of its own, where waiting for the disk delays nobody. */
export class Writer {
  readonly #options: WriterOptions;
  readonly #dbs: Databases;
  readonly #guard: FileGuard;
  readonly #buffers = new Buffers();
  #kept: Kept | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#guard = new FileGuard(options.path, options.files);
    this.#guard.check();
    this.#dbs = openDatabases(options.path, options.mapSize);
  }

  /**
   * Returns when all of it is on the disk. A job that is refused has that as its outcome; an exception is a failure of
   * the store, and nothing of the batch was stored.
   */
  commit({ now, steady, jobs }: Batch): BatchDone {
    this.#guard.check();
    const before = this.#kept;
    // Until it is on the disk nothing is known.
    this.#kept = undefined;
    let txn: Transaction | undefined;
    // Abortable, and synced before it returns.
    const done = this.#dbs.transactions.run((running) => {
      const kept = running.isUntouched ? before : undefined;
      txn = new Transaction(this.#dbs, { now, steady }, this.#options, { buffers: this.#buffers, kept });
      const outcomes = jobs.map((job) => this.#run(txn!, job));
      const commit = txn.finish();
      running.isChanged = txn.isChanged;
      return { commit, outcomes };
    });
    this.#kept = txn?.keep();
    // It is on the disk where somebody finds it again, or it is not acknowledged.
    this.#guard.check();
    return done;
  }

  close(): Promise<void> {
    return closeDatabases(this.#dbs);
  }

  #run(txn: Transaction, job: Job): Outcome {
    switch (job.kind) {
      case 'append':
        return append(txn, job);
      case 'compact':
        return { compacted: compactLog(txn, job.channel, job.compaction) };
      case 'remove':
        return { goesOn: removeReplaced(txn, job.channel) };
      case 'expire':
        return expire(txn);
      case 'sweep':
        return { sweptTo: sweep(txn, job.after, this.#options.forgetAfterMs) };
    }
  }
}

function append(txn: Transaction, { channel, operation, keep }: Extract<Job, { kind: 'append' }>): Outcome {
  try {
    return 'keys' in keep
      ? new StateChanges(txn, channel).append(operation, keep)
      : appendToLog(txn, channel, operation, keep);
  } catch (error) {
    if (error instanceof JobFailed) return { failed: error.message };
    if (error instanceof LongwaveError) return { code: error.code, message: error.message };
    throw error;
  }
}

function expire(txn: Transaction): Outcome {
  const due = dueLeases(txn, expiredAtOnce);
  const stored: Stored[] = [];
  for (const { channel, key } of due) {
    const head = txn.head(channel);
    if (head?.kind !== 'state') continue;
    const changes = new StateChanges(txn, channel);
    const op = changes.expire(key);
    if (op) stored.push({ channel, epoch: changes.epoch, ops: [op] });
  }
  // The clock of the leases goes on, also where none is over.
  txn.change();
  return { more: due.length === expiredAtOnce, stored };
}
