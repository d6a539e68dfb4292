/** A bad network, as the panel sets it. */
export interface Faults {
  /** Added to the way there and back, in milliseconds. */
  readonly latencyMs: number;
  /** Each message takes up to so much longer, each way. */
  readonly jitterMs: number;
  /** So many of a hundred messages are lost, and have to be sent again. */
  readonly lossPercent: number;
}

export const noFaults: Faults = { latencyMs: 0, jitterMs: 0, lossPercent: 0 };

/** It takes so long, besides the way, until a loss is noticed. */
const noticeMs = 40;

/**
 * One direction of a connection over a bad network. As TCP has it: all arrives, and in order. A lost message is sent again, and later ones
 * wait for it.
 */
export class DelayLine {
  readonly #faults: () => Faults;
  readonly #random: () => number;
  readonly #waiting: { readonly at: number; readonly deliver: () => void }[] = [];
  #lastAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(faults: () => Faults, random: () => number = Math.random) {
    this.#faults = faults;
    this.#random = random;
  }

  /** `deliver` is called when what was given before has been delivered: at once, where nothing is wrong. */
  pass(deliver: () => void): void {
    const { latencyMs, jitterMs, lossPercent } = this.#faults();
    const isLost = this.#random() * 100 < lossPercent;
    const againMs = isLost ? latencyMs + noticeMs : 0;
    const delayMs = latencyMs / 2 + this.#random() * jitterMs + againMs;
    if (delayMs === 0 && this.#waiting.length === 0) {
      deliver();
      return;
    }
    this.#lastAt = Math.max(this.#lastAt, performance.now() + delayMs);
    this.#waiting.push({ at: this.#lastAt, deliver });
    if (this.#waiting.length === 1) this.#wait();
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.length = 0;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const [next] = this.#waiting;
    if (next) this.#timer = setTimeout(() => this.#deliver(), Math.max(0, next.at - performance.now()));
  }

  #deliver(): void {
    const now = performance.now();
    try {
      // Timers may be a little early.
      while (this.#waiting.length > 0 && this.#waiting[0]!.at <= now + 1) this.#waiting.shift()!.deliver();
    } finally {
      this.#wait();
    }
  }
}
