import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { LongwaveError } from '@longwave/protocol';
import type { Chunk, FromCompactor } from './compact-messages.js';
import type { Written } from './read-messages.js';

export interface ThreadOptions {
  /** The longest that a document may take. */
  readonly timeoutMs: number;
  /** Most memory of the thread's heap, in MiB. */
  readonly memoryMiB: number;
}

/** The most that is copied within one turn of the event loop. */
const chunkBytes = 512 * 1024;
const chunkMessages = 2000;

/** The built worker also when this file runs from its source, as in tests. */
function workerUrl(): URL {
  const beside = new URL('./compact-worker.js', import.meta.url);
  return import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/server/compaction/compact-worker.js', beside)
    : beside;
}

interface Pending {
  readonly resolve: (message: Uint8Array) => void;
  readonly reject: (error: unknown) => void;
  readonly timeout: NodeJS.Timeout;
}

/** A thread that compacts, started with its first document and anew after it ended. One document at a time. */
export class CompactThread {
  readonly #options: ThreadOptions;
  #worker: Worker | undefined;
  #pending: Pending | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Rejects with `unavailable` when there is no thread, it took too long or too much, or it failed. */
  compact(messages: readonly Written[]): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const { timeoutMs } = this.#options;
      const expire = (): void => this.#stop(`It took longer than ${timeoutMs} ms.`);
      this.#pending = { resolve, reject, timeout: setTimeout(expire, timeoutMs) };
      try {
        const worker = (this.#worker ??= this.#start());
        worker.ref();
        send(worker, messages, () => this.#worker === worker).catch((error: unknown) => this.#ended(worker, error));
      } catch (error) {
        this.#settle()?.reject(unavailable('No thread could be started.', error));
      }
    });
  }

  /** Compactions under way are rejected. */
  close(): void {
    this.#stop('The server is closing.');
  }

  #start(): Worker {
    const resourceLimits = { maxOldGenerationSizeMb: this.#options.memoryMiB };
    // Options of the process may be for its own program alone, such as --input-type.
    const worker = new Worker(workerUrl(), { resourceLimits, execArgv: [], name: 'longwave-documents' });
    worker.on('message', (message: FromCompactor) => {
      const pending = this.#settle();
      // A compaction that waits keeps the process alive, an idle thread does not.
      worker.unref();
      if ('done' in message) pending?.resolve(message.done);
      else pending?.reject(unavailable(message.failed));
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
    this.#settle()?.reject(unavailable('The thread that compacts has ended.', error));
  }

  #settle(): Pending | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    clearTimeout(pending?.timeout);
    return pending;
  }
}

function unavailable(why: string, cause?: unknown): LongwaveError {
  return new LongwaveError('unavailable', `The document was not compacted. ${why}`, { cause });
}

/** In chunks, for a large document is copied: the store may still use its bytes. */
async function send(worker: Worker, messages: readonly Written[], goesOn: () => boolean): Promise<void> {
  let start = 0;
  do {
    const part: Written[] = [];
    let bytes = 0;
    while (start < messages.length && part.length < chunkMessages && (bytes < chunkBytes || part.length === 0)) {
      part.push(messages[start]!);
      bytes += messages[start++]!.payload.length;
    }
    const chunk = join(part, bytes, start === messages.length);
    worker.postMessage(chunk, [chunk.bytes.buffer]);
    if (!chunk.isLast) await setImmediate();
  } while (goesOn() && start < messages.length);
}

function join(messages: readonly Written[], size: number, isLast: boolean): Chunk {
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const { payload } of messages) {
    bytes.set(payload, end);
    end += payload.length;
  }
  const lengths = messages.map(({ payload }) => payload.length);
  return { bytes, lengths, users: messages.map(({ user }) => user), isLast };
}
