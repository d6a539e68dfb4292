import { LongwaveError } from '@longwave/protocol';
import type { Written } from '../compaction/read-messages.js';
import { DocumentThread, type ThreadOptions } from './document-thread.js';
import type { Job } from './thread-messages.js';

/** Jobs that may wait for a thread, with their bytes in memory. */
const maxWaiting = 64;

/** Does jobs in threads, as many at a time as there are threads. */
export class ThreadPool {
  readonly #threads: readonly DocumentThread[];
  readonly #idle: DocumentThread[];
  readonly #waiting: ((thread: DocumentThread) => void)[] = [];

  constructor(workers: number, options: ThreadOptions) {
    this.#threads = Array.from({ length: workers }, () => new DocumentThread(options));
    this.#idle = [...this.#threads];
  }

  /** Rejects with `unavailable`: the document is as it was, and it may be tried again later. */
  async do(job: Job, ...documents: readonly (readonly Written[])[]): Promise<unknown> {
    const thread = this.#idle.pop() ?? (await this.#wait());
    try {
      return await thread.do(job, documents);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(thread);
      else this.#idle.push(thread);
    }
  }

  /** Ends the threads. It can be used again, as by another node that shares it. */
  close(): void {
    for (const thread of this.#threads) thread.close();
  }

  #wait(): Promise<DocumentThread> {
    if (this.#waiting.length >= maxWaiting)
      throw new LongwaveError('unavailable', `${maxWaiting} jobs wait for a thread of documents.`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
