/** Steps that are made at once, at most, to catch up. Later ones are left out: the room's time stands still meanwhile. */
const mostAtOnce = 8;

/** Tells which steps are due, at a fixed rate, without a drift and without a spiral where steps take longer than they may. */
export class StepClock {
  readonly #stepMs: number;
  #dueAt: number;
  /** Steps that were left out, since the room was made. */
  skipped = 0;

  constructor(rate: number, now: number) {
    this.#stepMs = 1000 / rate;
    this.#dueAt = now + this.#stepMs;
  }

  /** Number of steps to make now. */
  take(now: number): number {
    if (now < this.#dueAt) {
      // The clock was set back.
      if (this.#dueAt - now > 2 * this.#stepMs) this.#dueAt = now + this.#stepMs;
      return 0;
    }
    const due = Math.floor((now - this.#dueAt) / this.#stepMs) + 1;
    this.#dueAt += due * this.#stepMs;
    if (due <= mostAtOnce) return due;
    this.skipped += due - mostAtOnce;
    return mostAtOnce;
  }

  /** Milliseconds until the next step, from `now`. */
  waitMs(now: number): number {
    return Math.max(0, this.#dueAt - now);
  }
}
