import type { Clock } from '../../base/ports.js';

/** Longer between two looks at the clock, and it was set, or the process stood still. */
const maxStepMs = 5000;

/** Time that goes on evenly for leases, whatever is done to the clock: looked at every second, it neither jumps nor goes back. */
export class LeaseClock {
  readonly #clock: Pick<Clock, 'now'>;
  #lookedAt: number;
  #elapsedMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#lookedAt = clock.now();
  }

  now(): number {
    const now = this.#clock.now();
    this.#elapsedMs += Math.min(maxStepMs, Math.max(0, now - this.#lookedAt));
    this.#lookedAt = now;
    return this.#elapsedMs;
  }
}
