/** Flushes that are looked at together. */
const looks = 8;
/** A trial that has found hardly any idle time after so many flushes is given up: at its limit a host cannot afford it. */
const glance = 2;
/**
 * Part of the time that a host must stay idle while it spends. Each flush without a pause carries fewer messages, so spending costs:
 * at two thirds of a core about 15 % more for each delivery, which are then 3 ms sooner. A host that stays a quarter idle
 * all the same has a use for that. With 0.04 it spent until nothing was left, and paid 10 to 17 % at loads that left it no sooner.
 */
const spareShare = 0.25;
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
  /** It spends to find out, and has found no time yet. */
  #tries = false;
  /** The flushes that are looked at now. */
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
    this.#spends = this.#tries = true;
    this.#begin();
    return true;
  }

  /** A flush that took long has ended. */
  onFlush(): void {
    if (!this.#spends) return;
    const flushes = ++this.#count;
    const isGlance = this.#tries && flushes === glance;
    if (flushes < looks && !isGlance) return;
    const elapsedMs = this.#clock.now() - this.#since;
    const idleMs = this.#clock.idle() - this.#idleBefore;
    // Two flushes say little, unless there was next to nothing between them.
    if (isGlance && idleMs >= (elapsedMs * spareShare) / 2) return;
    if (!isGlance && idleMs >= elapsedMs * spareShare) {
      this.#tries = false;
      this.#trialMs = firstTrialMs;
      return this.#begin();
    }
    this.#spends = false;
    this.#trialAt = this.#clock.now() + this.#trialMs;
    this.#trialMs = Math.min(this.#trialMs * 2, lastTrialMs);
  }

  #begin(): void {
    this.#count = 0;
    this.#since = this.#clock.now();
    this.#idleBefore = this.#clock.idle();
  }
}
