import type { Clock, Timer } from '../base/ports.js';

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only when told to. */
export class VirtualClock implements Clock {
  /** Wall time may jump; timers do not notice. */
  #offsetMs = 0;
  #monotonic = 1_000_000;
  readonly #due = new Set<Due>();

  now(): number {
    return this.#monotonic + this.#offsetMs;
  }

  get timers(): number {
    return this.#due.size;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const due = { at: this.#monotonic + Math.max(0, delayMs), callback };
    this.#due.add(due);
    return { cancel: () => void this.#due.delete(due) };
  }

  advance(ms: number): void {
    const end = this.#monotonic + ms;
    for (;;) {
      let next: Due | undefined;
      for (const due of this.#due) if (due.at <= end && (!next || due.at < next.at)) next = due;
      if (!next) break;
      this.#due.delete(next);
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.callback();
    }
    this.#monotonic = end;
  }

  /** The wall clock is set, or the machine slept without its timers. */
  jump(ms: number): void {
    this.#offsetMs += ms;
  }

  /** Runs what is due, late, after a time in which nothing ran. */
  sleep(ms: number): void {
    this.#monotonic += ms;
    this.advance(0);
  }
}
