import type { CancelTimer, Clock } from '../base/ports.js';
import type { Rates } from '../rates/rates.js';

export interface BudgetOptions {
  readonly rates: Rates;
  readonly clock: Clock;
  readonly clientKey: string;
  readonly bytesPerSecond: number;
}

/**
 * Keeps the rate that a client asked for (VIEW-8): above it the link counts as full until the time has passed. It is
 * one for all of a client's connections and requests, so that the next one goes on where the last one ended.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #onRoom: () => void;
  #cancel: CancelTimer | undefined;

  constructor(options: BudgetOptions, onRoom: () => void) {
    this.#options = options;
    this.#onRoom = onRoom;
    // Takes up what was sent before.
    this.spend(0);
  }

  get spent(): boolean {
    return this.#cancel !== undefined;
  }

  spend(bytes: number): void {
    const waitMs = this.#take(bytes);
    if (waitMs > 0 && !this.#cancel) this.#wait(waitMs);
  }

  #take(bytes: number): number {
    const { rates, clientKey, bytesPerSecond } = this.#options;
    return rates.deliver(clientKey, bytesPerSecond, bytes);
  }

  #wait(waitMs: number): void {
    this.#cancel = this.#options.clock.setTimer(() => {
      this.#cancel = undefined;
      // Others of the client's may have been sent something meanwhile.
      const owedMs = this.#take(0);
      if (owedMs >= 1) this.#wait(owedMs);
      else this.#onRoom();
    }, waitMs);
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
