import type { CancelTimer, Clock } from './ports.js';

/** One-off timers that end with their engine: none fires and none can be set once it is closed. */
export class Timers {
  readonly #clock: Clock;
  readonly #pending = new Map<CancelTimer, () => void>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `callback` after `delayMs`, or `closed` (at once, if it is already so) when the engine closes before. */
  after(delayMs: number, callback: () => void, closed: () => void = ignore): CancelTimer {
    if (this.#closed) {
      closed();
      return ignore;
    }
    const cancel = this.#clock.setTimer(() => {
      this.#pending.delete(cancel);
      callback();
    }, delayMs);
    this.#pending.set(cancel, closed);
    return () => {
      if (this.#pending.delete(cancel)) cancel();
    };
  }

  /** Resolves after `delayMs`, or when the engine closes. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.after(delayMs, resolve, resolve));
  }

  close(): void {
    this.#closed = true;
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const [cancel, closed] of pending) {
      cancel();
      closed();
    }
  }
}

function ignore(): void {}
