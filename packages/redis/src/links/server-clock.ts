/** A sample counts so long, and as long again as the best of the window before. */
const windowMs = 10_000;

/**
 * The clock of a server, learned from its answers. Those that came quickest tell most: what an answer says is past when
 * it arrives, by as much as it was under way.
 */
export class ServerClock {
  readonly #elapsed: () => number;
  #windowEnds = -Infinity;
  #best = -Infinity;
  #bestBefore = -Infinity;

  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** The server's clock showed this, a moment ago. */
  learn(serverNow: number): void {
    const elapsed = this.#elapsed();
    if (elapsed >= this.#windowEnds) {
      this.#bestBefore = elapsed >= this.#windowEnds + windowMs ? -Infinity : this.#best;
      this.#best = -Infinity;
      this.#windowEnds = elapsed + windowMs;
    }
    this.#best = Math.max(this.#best, serverNow - elapsed);
  }

  /** The clock was set back, or the server is another one. */
  reset(serverNow: number): void {
    this.#windowEnds = this.#best = this.#bestBefore = -Infinity;
    this.learn(serverNow);
  }

  now(): number {
    return this.#elapsed() + Math.max(this.#best, this.#bestBefore);
  }
}
