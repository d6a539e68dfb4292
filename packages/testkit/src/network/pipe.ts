import type { Random } from '../random.js';
import type { VirtualClock } from '../virtual-clock.js';

/** One direction of a link: late, in order, and sometimes dead without a word. */
export class Pipe {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #latencyMs: number;
  readonly #jitterMs: number;
  readonly #spacingMs: number;
  #lastArrival = 0;
  #dead = false;

  /** Two messages arrive at least `spacingMs` apart. With none the clock MUST run equal times in the order in which they were planned. */
  constructor(clock: VirtualClock, random: Random, latencyMs: number, jitterMs: number, spacingMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#latencyMs = latencyMs;
    this.#jitterMs = jitterMs;
    this.#spacingMs = spacingMs;
  }

  /** From now on nothing arrives, not even what is on its way. */
  kill(): void {
    this.#dead = true;
  }

  /** Has `arrive` run after the latency, and after everything that was sent before. */
  send(arrive: () => void): void {
    if (this.#dead) return;
    const earliest = this.#clock.time + this.#latencyMs + this.#random.next() * this.#jitterMs;
    this.#lastArrival = Math.max(earliest, this.#lastArrival + this.#spacingMs);
    this.#clock.at(this.#lastArrival, () => {
      if (!this.#dead) arrive();
    });
  }
}
