import { addressKey } from './address-key.js';
import { Keyed } from './keyed.js';
import type { ConnectionInfo } from '../base/authority.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/** Longest time that a refused client is told to wait, however many were refused before it. */
const maxWaitMs = 60_000;

class Door {
  readonly #admitted: TokenBucket;
  /** Holds nothing: each of the refused takes on debt, and its turn comes when that is paid. */
  readonly #refused: TokenBucket;

  constructor(rate: Rate, now: number) {
    this.#admitted = new TokenBucket(rate, now);
    this.#refused = new TokenBucket({ perSecond: rate.perSecond, burst: 0 }, now);
  }

  admit(now: number): number {
    if (this.#admitted.tryTake(now)) return 0;
    const waitMs = this.#refused.take(0, now);
    return Math.min(maxWaitMs, waitMs >= maxWaitMs ? waitMs : this.#refused.take(1, now));
  }

  isIdle(now: number): boolean {
    return this.#admitted.isIdle(now) && this.#refused.isIdle(now);
  }
}

/** Holds the connects of each remote address to a rate (LIM-3). */
export class ConnectGate {
  readonly #doors: Keyed<Door> | undefined;

  /** A rate of Infinity lets everybody in, and remembers nobody. */
  constructor(rate: Rate, maxAddresses: number) {
    if (rate.perSecond < Infinity) this.#doors = new Keyed((now) => new Door(rate, now), maxAddresses);
  }

  get size(): number {
    return this.#doors?.size ?? 0;
  }

  /**
   * 0 lets the connection in; otherwise the milliseconds until it should come again. Each of those refused gets a turn of
   * its own, so that they do not come back together. An address that is not known is let in.
   */
  admit(info: Pick<ConnectionInfo, 'remoteAddress'>, now: number): number {
    // Looked up only where it counts.
    const remoteAddress = this.#doors && info.remoteAddress;
    if (!this.#doors || remoteAddress === undefined) return 0;
    return this.#doors.of(addressKey(remoteAddress), now).admit(now);
  }

  sweep(now: number): void {
    this.#doors?.sweep(now);
  }
}
