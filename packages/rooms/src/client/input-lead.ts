/** Inputs come earlier or later by this part of the time that passes, until they are as early as they should be. */
const slew = 0.1;
/** A larger difference is made good at once. */
const mostTicks = 30;

/** How far ahead of the server, in ticks, a player acts: so that what it does is there when it is due, and hardly earlier. */
export class InputLead {
  readonly #rate: number;
  /** Ticks besides the way there and the time until inputs are sent. */
  #spare = 1;
  /** Number of the last input that is answered: how early it was is news once. */
  #answered = 0;
  #ticks = 0;
  #at = 0;

  /** `rate`: steps a second. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /**
   * Inputs up to this number were `early` ticks early, or late below 0. Late ones ask for a little more time, early ones give it back
   * slowly. Half a second is the most: inputs further ahead would not count at all.
   */
  answered(seq: number, early: number): void {
    if (seq === this.#answered) return;
    this.#answered = seq;
    const change = early < 0 ? 0.25 : Math.min(0, 2 - early) / 50;
    this.#spare = Math.max(0, Math.min(this.#rate / 2, this.#spare + change));
  }

  /** The lead at this time, in milliseconds, where the way takes so many ticks. It follows slowly, and never leaps but after a pause. */
  at(now: number, wayTicks: number): number {
    const passed = ((now - this.#at) * this.#rate) / 1000;
    const missing = wayTicks + this.#spare - this.#ticks;
    const isLost = Math.abs(missing) > mostTicks || passed > mostTicks;
    this.#ticks += isLost ? missing : Math.max(-passed * slew, Math.min(passed * slew, missing));
    this.#at = now;
    return this.#ticks;
  }
}
