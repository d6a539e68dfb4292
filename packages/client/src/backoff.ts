/** Exponential with full jitter (CLI-1): a random part of a bound that doubles with each failure. */
export class Backoff {
  readonly #minDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #random: () => number;

  constructor(minDelayMs: number, maxDelayMs: number, random: () => number) {
    this.#minDelayMs = minDelayMs;
    this.#maxDelayMs = maxDelayMs;
    this.#random = random;
  }

  /** Milliseconds to wait after `failures` attempts in a row have failed. */
  delayMs(failures: number): number {
    return this.#random() * Math.min(this.#maxDelayMs, this.#minDelayMs * 2 ** Math.max(0, failures - 1));
  }
}

/** Longest time a peer can make us wait; also below what host timers can take. */
const maxAdvisedMs = 60 * 60 * 1000;

export function boundAdvice(retryAfterMs: number): number {
  return Math.min(retryAfterMs, maxAdvisedMs);
}
