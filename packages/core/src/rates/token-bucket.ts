export interface Rate {
  /** Infinity: without a bound. */
  readonly perSecond: number;
  /** Tokens in a full bucket. */
  readonly burst: number;
}

/**
 * Fills at a steady rate up to its burst. A larger withdrawal leaves a debt, which is paid back before anything is left
 * again. Part of the way of every message: allocates nothing.
 */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #refilledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#refilledAt = now;
  }

  /** Takes `count`, whatever is left. Returns the milliseconds until the debt is paid: 0 without one. */
  take(count: number, now: number): number {
    if (this.#rate.perSecond === Infinity) return 0;
    this.refill(now);
    this.#tokens -= count;
    return this.debtMs();
  }

  /** Milliseconds until the debt is paid. Takes nothing. */
  owed(now: number): number {
    return this.take(0, now);
  }

  /** Takes one if there is one. */
  tryTake(now: number): boolean {
    this.refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Like a new one: nothing is lost when it is forgotten. */
  isIdle(now: number): boolean {
    this.refill(now);
    return this.#tokens >= this.#rate.burst;
  }

  private debtMs(): number {
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1000;
  }

  private refill(now: number): void {
    const { perSecond, burst } = this.#rate;
    // The clock may be set back.
    const elapsedMs = Math.max(0, now - this.#refilledAt);
    this.#tokens = Math.min(burst, this.#tokens + (elapsedMs / 1000) * perSecond);
    this.#refilledAt = now;
  }
}
