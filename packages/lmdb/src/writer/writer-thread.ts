import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Batch, BatchDone } from './jobs.js';
import type { FromWriter, ToWriter } from './writer-messages.js';
import type { WriterOptions } from './writer.js';

/** The built worker also when this file runs from its source, as in tests. */
function workerUrl(): URL {
  const beside = new URL('./writer-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL('../../dist/writer/writer-worker.js', beside) : beside;
}

/** Nothing of the batch is stored. `code` as LMDB or the system gave it, undefined when a job was in error. */
export class CommitAborted extends Error {
  readonly code: string | number | undefined;

  constructor({ message, code, name }: Extract<FromWriter, { failed: unknown }>['failed']) {
    super(message);
    this.code = code;
    // Code that reports the error looks at the name of the one that came from the thread.
    if (name !== undefined) this.name = name;
  }
}

interface Pending {
  readonly resolve: (done: BatchDone) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands batches to the thread that writes; one that ended is started anew with the next batch. */
export class WriterThread {
  readonly #options: WriterOptions;
  #worker: Worker | undefined;
  #pending: Pending | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#worker = this.#start();
    this.#worker.unref();
  }

  /**
   * One batch at a time. Rejects with `CommitAborted`, or with why the thread ended: then nobody knows what of it is
   * stored.
   */
  commit(batch: Batch): Promise<BatchDone> {
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    return new Promise<BatchDone>((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#post(worker, batch);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.ref();
    this.#post(worker, 'close');
    await ended;
  }

  #post(worker: Worker, message: ToWriter): void {
    worker.postMessage(message);
  }

  #start(): Worker {
    // Its files stay open when it ends: see `WriteTransactions`.
    const worker = new Worker(workerUrl(), { workerData: this.#options, stdout: false, trackUnmanagedFds: false });
    worker.on('message', (message: FromWriter) => {
      const settle = this.#take(worker);
      if ('done' in message) settle?.resolve(message.done);
      else settle?.reject(new CommitAborted(message.failed));
    });
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', () => this.#ended(worker, new Error('The thread that writes has ended.')));
    return worker;
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker === worker) this.#worker = undefined;
    this.#take(worker)?.reject(error);
  }

  #take(worker: Worker): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    // An open store keeps no process alive, what is under way does.
    worker.unref();
    return pending;
  }
}
