import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LongwaveError } from '@longwave/protocol';
import type { Written } from '../compaction/read-messages.js';
import type { Chunk, FromThread, Job } from './thread-messages.js';

export interface ThreadOptions {
  /** The longest that a job may take. */
  readonly timeoutMs: number;
  /** Most memory of the thread's heap, in MiB. */
  readonly memoryMiB: number;
}

/** The most that is copied within one turn of the event loop. */
const chunkBytes = 512 * 1024;
const chunkMessages = 2000;

/** The built worker also when this file runs from its source, as in tests. */
function workerUrl(): URL {
  const beside = new URL('./document-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts') ? new URL('../../../dist/server/threads/document-worker.js', beside) : beside;
}

interface Pending {
  readonly resolve: (done: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly timeout: NodeJS.Timeout;
}

/** A thread that works on documents, started with its first job and anew after it ended. One job at a time. */
export class DocumentThread {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  #pending: Pending | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Rejects with `unavailable` when there is no thread, it took too long or too much, or it failed; with the `RangeError` of the job. */
  do(job: Job, documents: readonly (readonly Written[])[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { timeoutMs } = this.#options;
      const expire = (): void => this.#stop(`It took longer than ${timeoutMs} ms.`);
      const pending = { resolve, reject, timeout: setTimeout(expire, timeoutMs) };
      this.#pending = pending;
      void this.#begin(pending, job, documents);
    });
  }

  /** In turns of the event loop of their own: whoever asks has just read the document. Never rejects. */
  async #begin(pending: Pending, job: Job, documents: readonly (readonly Written[])[]): Promise<void> {
    await setImmediate();
    if (this.#pending !== pending) return;
    let worker: Worker | undefined;
    try {
      worker = this.#worker ??= this.#start();
      worker.ref();
      await send(worker, job, documents, () => this.#worker === worker);
    } catch (error) {
      if (worker) this.#ended(worker, error);
      else this.#settle()?.reject(unavailable('No thread could be started.', error));
    }
  }

  /** Jobs under way are rejected. */
  close(): void {
    this.#stop('The server is closing.');
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: this.#options.memoryMiB };
    // Options of the process may be for its own program alone, such as --input-type.
    const worker = new Worker(workerUrl(), { resourceLimits, execArgv: [], name: 'longwave-documents' });
    worker.on('message', (message: FromThread) => {
      const pending = this.#settle();
      // A job that waits keeps the process alive, an idle thread does not.
      worker.unref();
      if ('done' in message) pending?.resolve(message.done);
      else pending?.reject(message.isRange ? new RangeError(message.failed) : unavailable(message.failed));
    });
    worker.on('error', (error) => this.#ended(worker, error));
    worker.on('exit', () => this.#ended(worker, undefined));
    return worker;
  }

  #stop(why: string): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle()?.reject(unavailable(why));
    void worker?.terminate();
  }

  #ended(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#settle()?.reject(unavailable('The thread has ended.', error));
  }

  #settle(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(pending?.timeout);
    return pending;
  }
}

function unavailable(why: string, cause?: unknown): LongwaveError {
  return new LongwaveError('unavailable', `The thread for documents did not do its work. ${why}`, { cause });
}

/** In chunks, each in a turn of its own, for a large document is copied: the store may still use its bytes. */
async function send(
  worker: Worker,
  job: Job,
  documents: readonly (readonly Written[])[],
  goesOn: () => boolean,
): Promise<void> {
  for (const [document, messages] of documents.entries()) {
    let start = 0;
    do {
      await setImmediate();
      if (!goesOn()) return;
      const part: Written[] = [];
      let bytes = 0;
      while (start < messages.length && part.length < chunkMessages && (bytes < chunkBytes || part.length === 0)) {
        part.push(messages[start]!);
        bytes += messages[start++]!.payload.length;
      }
      const isLast = start === messages.length && document === documents.length - 1;
      const chunk: Chunk = { job, document, ...join(part, bytes), isLast };
      worker.postMessage(chunk, [chunk.bytes.buffer]);
    } while (start < messages.length);
  }
}

function join(messages: readonly Written[], size: number): Pick<Chunk, 'bytes' | 'lengths' | 'users' | 'times'> {
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const { payload } of messages) {
    bytes.set(payload, end);
    end += payload.length;
  }
  return {
    bytes,
    lengths: messages.map(({ payload }) => payload.length),
    users: messages.map(({ user }) => user),
    times: messages.map(({ time }) => time),
  };
}
