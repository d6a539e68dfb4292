/** Wrong keys that an address may give at once. */
const burst = 60;
/** Milliseconds after which it may give one more. */
const refillMs = 1000;
/** Addresses that are remembered. */
const maxAddresses = 10_000;

/**
 * Counts wrong keys by address. A right key is never counted, so nobody is locked out by others who share the address, as all
 * do behind a proxy.
 */
export class GuessLimit {
  readonly #now: () => number;
  /** When the address will have paid for its guesses. The one that guessed last is at the end. */
  readonly #paidAt = new Map<string, number>();

  /** `now` gives the milliseconds of a clock that goes on evenly. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a wrong key. Gives the milliseconds until the next one is worth an answer, 0 where this one is. */
  count(address = ''): number {
    const now = this.#now();
    const paidAt = Math.max(now, this.#paidAt.get(address) ?? 0);
    const waitMs = paidAt - now - (burst - 1) * refillMs;
    this.#paidAt.delete(address);
    this.#paidAt.set(address, waitMs > 0 ? paidAt : paidAt + refillMs);
    if (this.#paidAt.size > maxAddresses) this.#paidAt.delete(this.#paidAt.keys().next().value!);
    return Math.max(0, waitMs);
  }
}
