import type { Clock, Timer } from './ports.js';

/** Names that have to wait for a time. */
export class Holds {
  readonly #clock: Clock;
  readonly #onFree: () => void;
  readonly #timers = new Map<string, Timer>();

  constructor(clock: Clock, onFree: () => void) {
    this.#clock = clock;
    this.#onFree = onFree;
  }

  has(name: string): boolean {
    return this.#timers.has(name);
  }

  /** The last one counts. */
  add(name: string, delayMs: number): void {
    this.#timers.get(name)?.cancel();
    const timer = this.#clock.setTimer(() => {
      this.#timers.delete(name);
      this.#onFree();
    }, delayMs);
    this.#timers.set(name, timer);
  }

  end(): void {
    for (const timer of this.#timers.values()) timer.cancel();
  }
}
