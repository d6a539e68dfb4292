/** Flushes that are looked at together. */
const looks = 8;
/** The first flushes of a trial work off what the last pauses have held back, and say nothing of the load. */
const settles = 4;
/** Part of that time without which there is nothing to look for: at its limit a host cannot afford it. */
const leastShare = 0.04;
/**
 * Part of the time that a host must stay idle while it spends. Each flush without a pause carries fewer messages, so spending costs:
 * at two thirds of a core about 15 % more for each delivery, which are then 3 ms sooner. A host that stays a fifth idle
 * all the same has a use for that. With 0.04 it spent until nothing was left, and paid 10 to 17 % at loads that left it no sooner.
 */
const spareShare = 0.2;
/** Milliseconds between two trials: each that fails doubles them, so that a server at its limit hardly makes any. */
const firstTrialMs = 200;
const lastTrialMs = 6400;

/** The part of the host that it uses. */
export interface IdleClock {
  /** Milliseconds, of a clock that is never set back. */
  now(): number;
  /** Milliseconds in which the host had nothing to do, since it started. */
  idle(): number;
}

/**
 * Finds out whether a host has time to spend on more flushes. A host that pauses cannot tell: whatever comes in a pause
 * waits for its end. So pauses are left out for some flushes now and then. If the host was idle for a good part of that time,
 * they are left out for as long as that stays so.
 */
export class SpareTime {
  readonly #clock: IdleClock;
  #spends = false;
  #trialAt: number | undefined;
  #trialMs = firstTrialMs;
  /** The flushes that are looked at now. Below 0: a trial settles. */
  #count = 0;
  #since = 0;
  #idleBefore = 0;

  constructor(clock: IdleClock) {
    this.#clock = clock;
  }

  /** A pause is due before the next flush. Returns whether there is time to do without. */
  isThere(): boolean {
    if (this.#spends) return true;
    const now = this.#clock.now();
    this.#trialAt ??= now + this.#trialMs;
    if (now < this.#trialAt) return false;
    this.#spends = true;
    this.#begin(-settles);
    return true;
  }

  /** A flush that took long has ended. */
  onFlush(): void {
    if (!this.#spends) return;
    const flushes = ++this.#count;
    if (flushes !== 0 && flushes < looks) return;
    const elapsedMs = this.#clock.now() - this.#since;
    const idleMs = this.#clock.idle() - this.#idleBefore;
    if (idleMs >= elapsedMs * (flushes === 0 ? leastShare : spareShare)) {
      if (flushes > 0) this.#trialMs = firstTrialMs;
      return this.#begin(0);
    }
    this.#spends = false;
    this.#trialAt = this.#clock.now() + this.#trialMs;
    this.#trialMs = Math.min(this.#trialMs * 2, lastTrialMs);
  }

  #begin(count: number): void {
    this.#count = count;
    this.#since = this.#clock.now();
    this.#idleBefore = this.#clock.idle();
  }
}
