import { LongwaveError } from 'longwave';

const minuteMs = 60_000;

/** So many of something in a minute, by all visitors together: what they make is kept on the disk. */
export class PerMinute {
  readonly #most: number;
  readonly #now: () => number;
  #times: number[] = [];

  constructor(most: number, now: () => number = Date.now) {
    this.#most = most;
    this.#now = now;
  }

  /** Throws `rate-limited` where that is one too many. */
  take(): void {
    const now = this.#now();
    this.#times = this.#times.filter((time) => now - time < minuteMs);
    const [first] = this.#times;
    if (first !== undefined && this.#times.length >= this.#most) {
      const retryAfterMs = first + minuteMs - now;
      throw new LongwaveError(
        'rate-limited',
        `Too many visitors do that now. Again in ${Math.ceil(retryAfterMs / 1000)} s.`,
        {
          retryAfterMs,
        },
      );
    }
    this.#times.push(now);
  }
}
