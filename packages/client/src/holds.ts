import type { Clock, Timer } from './ports.js';

/** Names that have to wait for a time, each at most once. */
export class Holds {
  readonly #clock: Clock;
  readonly #onFree: () => void;
  readonly #timers = new Map<string, { readonly timer: Timer; readonly until: number }>();

  constructor(clock: Clock, onFree: () => void) {
    this.#clock = clock;
    this.#onFree = onFree;
  }

  has(name: string): boolean {
    return this.#timers.has(name);
  }

  /** Holds `name` for `delayMs`, or longer if it is held longer already. */
  add(name: string, delayMs: number): void {
    const until = this.#clock.now() + delayMs;
    const held = this.#timers.get(name);
    if (held && held.until >= until) return;
    held?.timer.cancel();
    const timer = this.#clock.setTimer(() => {
      this.#timers.delete(name);
      this.#onFree();
    }, delayMs);
    this.#timers.set(name, { timer, until });
  }

  end(): void {
    for (const { timer } of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
