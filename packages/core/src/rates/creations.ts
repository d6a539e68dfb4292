import type { ConnectionInfo, Identity } from '../base/authority.js';
import type { Clock } from '../base/ports.js';
import { addressKey } from './address-key.js';
import { Keyed } from './keyed.js';
import { TokenBucket } from './token-bucket.js';

/** The part of a session whose publish may make a channel. */
export interface Creator {
  readonly identity: Pick<Identity, 'user'>;
  readonly info: Pick<ConnectionInfo, 'remoteAddress'>;
}

/**
 * Channels that clients made: each user, and each address of those without a user, may make so many an hour (LIM-12). A
 * channel that has entries is never forgotten for another, so whoever made them without end would leave no place for
 * anybody else.
 */
export class Creations {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #buckets: Keyed<TokenBucket> | undefined;
  /** Those who have made as many as they may: nobody else is looked up. */
  readonly #spent = new Set<string>();

  /** `perHour` may come at once. Infinity counts nothing. */
  constructor(clock: Pick<Clock, 'now'>, perHour: number, maxKeys: number) {
    this.#clock = clock;
    // The last one leaves a debt, and who has a debt makes no more.
    const rate = { perSecond: perHour / 3600, burst: perHour - 1 };
    if (perHour < Infinity) this.#buckets = new Keyed((now) => new TokenBucket(rate, now), maxKeys);
  }

  get size(): number {
    return this.#buckets?.size ?? 0;
  }

  /** Counts a channel that was made. */
  count(creator: Creator): void {
    const key = this.#buckets && keyOf(creator);
    if (key === undefined || !this.#buckets) return;
    const now = this.#clock.now();
    if (this.#buckets.of(key, now).take(1, now) > 0) this.#spent.add(key);
  }

  /** Milliseconds until this client may make another channel: 0, it may now. Part of the way of every publish. */
  waitMs(creator: Creator): number {
    if (this.#spent.size === 0) return 0;
    const key = keyOf(creator);
    return key !== undefined && this.#spent.has(key) ? this.#owed(key) : 0;
  }

  /** Called every second. */
  sweep(now: number): void {
    this.#buckets?.sweep(now);
    for (const key of this.#spent) this.#owed(key);
  }

  #owed(key: string): number {
    const waitMs = this.#buckets?.find(key)?.owed(this.#clock.now()) ?? 0;
    // Less than a millisecond is an error of rounding.
    if (waitMs >= 1) return waitMs;
    this.#spent.delete(key);
    return 0;
  }
}

/** Undefined: neither is known. */
function keyOf({ identity, info }: Creator): string | undefined {
  if (identity.user !== undefined) return `u${identity.user}`;
  return info.remoteAddress === undefined ? undefined : `a${addressKey(info.remoteAddress)}`;
}
