const windowMs = 60_000;
const perWindow = 2;
const spacingMs = 30_000;

/**
 * Bounds the fetches that keys nobody knows may cause: two a minute, whatever else was fetched, and 30 s from one to the next. The
 * second of a minute is there so that a key which is new just after the set was read is found at once.
 */
export class FetchBudget {
  /** Times of the fetches within the last minute, the oldest first. */
  #fetches: readonly number[] = [];
  #lastAsked = -Infinity;

  /** A fetch is made, for whatever reason. */
  spend(now: number): void {
    this.#fetches = [...this.#recent(now), now];
  }

  /** Milliseconds until an unknown key may cause a fetch. 0: now, and it is taken to do so. */
  ask(now: number): number {
    const recent = this.#recent(now);
    const spaced = Math.max(0, this.#lastAsked + spacingMs - now);
    const oldest = recent.at(-perWindow);
    const waitMs = Math.max(spaced, oldest === undefined ? 0 : oldest + windowMs - now);
    if (waitMs === 0) this.#lastAsked = now;
    return waitMs;
  }

  /** A clock that was set back must not hold it for longer. */
  #recent(now: number): readonly number[] {
    if (this.#lastAsked > now) this.#lastAsked = -Infinity;
    return this.#fetches.filter((at) => at <= now && at > now - windowMs);
  }
}
