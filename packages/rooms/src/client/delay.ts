/** Ticks between the picture and the newest snapshot: the delay follows the jitter that is measured, slowly. */
export class Delay {
  readonly #interval: number;
  readonly #rate: number;
  /** In ticks. */
  ticks: number;

  constructor(rate: number, send: number) {
    this.#rate = rate;
    this.#interval = rate / send;
    this.ticks = this.#interval * 1.5;
  }

  /** One and a half snapshots, and three times the mean jitter, which is more than two of its deviations. */
  follow(jitterMs: number): void {
    const target = this.#interval * 1.5 + (3 * jitterMs * this.#rate) / 1000;
    // Quicker to wait longer than to catch up: a stall is seen, a delay is not.
    this.ticks += (target - this.ticks) * (target > this.ticks ? 0.2 : 0.02);
  }
}
