/** At most one death in `betweenMs`, and `most` of them in `windowMs`. Times are in milliseconds from anywhere. */
export interface KillLimitOptions {
  readonly betweenMs: number;
  readonly most: number;
  readonly windowMs: number;
}

/** Counts deaths. It lives in the process that survives them. */
export class KillLimit {
  readonly #options: KillLimitOptions;
  #deaths: readonly number[] = [];

  constructor(options: KillLimitOptions = { betweenMs: 5000, most: 20, windowMs: 600_000 }) {
    this.#options = options;
  }

  /** Returns 0 and counts a death, or how long there is to wait for the next. */
  take(now: number): number {
    const { betweenMs, most, windowMs } = this.#options;
    this.#deaths = this.#deaths.filter((at) => now - at < windowMs);
    const last = this.#deaths.at(-1);
    const oldest = this.#deaths[0];
    const waits = [
      last === undefined ? 0 : last + betweenMs - now,
      oldest === undefined || this.#deaths.length < most ? 0 : oldest + windowMs - now,
    ];
    const waitMs = Math.max(0, ...waits);
    if (waitMs === 0) this.#deaths = [...this.#deaths, now];
    return waitMs;
  }
}
