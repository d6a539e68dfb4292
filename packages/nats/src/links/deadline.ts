import { performance } from 'node:perf_hooks';

/** A moment by which something has to be done, whatever is done to the clock meanwhile. */
export class Deadline {
  readonly #at: number;

  constructor(inMs: number) {
    this.#at = performance.now() + inMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  get over(): boolean {
    return this.leftMs === 0;
  }

  /** Rejects with an error of this message when `work` takes longer. */
  async hold<T>(work: Promise<T>, message: () => string): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(message())), this.leftMs);
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Returns the message of an error, with its causes. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== message ? `${message} (${cause.message})` : message;
}
