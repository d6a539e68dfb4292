import { LongwaveError } from '@longwave/protocol';
import { CompactThread, type ThreadOptions } from './compact-thread.js';
import type { Written } from './read-messages.js';

/** Documents that may wait for a thread, with their bytes in memory. */
const maxWaiting = 64;

/** Compacts documents in threads, as many at a time as there are threads. */
export class Compactor {
  readonly #threads: readonly CompactThread[];
  readonly #idle: CompactThread[];
  readonly #waiting: ((thread: CompactThread) => void)[] = [];

  constructor(workers: number, options: ThreadOptions) {
    this.#threads = Array.from({ length: workers }, () => new CompactThread(options));
    this.#idle = [...this.#threads];
  }

  /** Rejects with `unavailable`: the document is as it was, and may be compacted later. */
  async compact(messages: readonly Written[]): Promise<Uint8Array> {
    const thread = this.#idle.pop() ?? (await this.#wait());
    try {
      return await thread.compact(messages);
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

  #wait(): Promise<CompactThread> {
    if (this.#waiting.length >= maxWaiting)
      throw new LongwaveError('unavailable', `${maxWaiting} documents wait to be compacted.`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
