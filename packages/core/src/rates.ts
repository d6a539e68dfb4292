import type { ConnectionInfo } from './authority.js';
import type { Clock } from './ports.js';
import type { Limits } from './limits.js';
import { ConnectGate } from './connect-gate.js';
import { Keyed } from './keyed.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/**
 * The token buckets of a node: of each connection, of each user that sent something lately, of each client that makes
 * requests (HTTP-6), of each address.
 */
export class Rates {
  readonly #clock: Clock;
  readonly #connectionRate: Rate;
  readonly #users: Keyed<TokenBucket> | undefined;
  readonly #clients: Keyed<TokenBucket>;
  readonly #gate: ConnectGate;

  constructor(clock: Clock, limits: Limits) {
    const { framesPerSecond, userFramesPerSecond, rememberedPeers } = limits;
    this.#clock = clock;
    this.#connectionRate = { perSecond: framesPerSecond, burst: framesPerSecond };
    const userRate: Rate = { perSecond: userFramesPerSecond, burst: userFramesPerSecond };
    if (userFramesPerSecond < Infinity)
      this.#users = new Keyed((now) => new TokenBucket(userRate, now), rememberedPeers);
    this.#clients = new Keyed((now) => new TokenBucket(this.#connectionRate, now), rememberedPeers);
    const { addressConnectsPerSecond: perSecond, addressConnectBurst: burst } = limits;
    this.#gate = new ConnectGate({ perSecond, burst }, rememberedPeers);
  }

  /** Users and addresses that are remembered. */
  get remembered(): number {
    return (this.#users?.size ?? 0) + this.#clients.size + this.#gate.size;
  }

  /** A bucket for a new connection. */
  connection(): TokenBucket {
    return new TokenBucket(this.#connectionRate, this.#clock.now());
  }

  /** Milliseconds that a connection is not to be read from, after it sent `frames`. Part of the way of every message. */
  spend(connection: TokenBucket, user: string | undefined, frames: number): number {
    const now = this.#clock.now();
    const waitMs = connection.take(frames, now);
    // Looked up each time: a connection that holds its user's bucket would keep it for as long as it is idle.
    if (user === undefined || !this.#users) return waitMs;
    return Math.max(waitMs, this.#users.of(user, now).take(frames, now));
  }

  /** Milliseconds until a client may come again, whose request has `frames`; 0 lets it in (HTTP-6). */
  request(clientKey: string, user: string | undefined, frames: number): number {
    return this.spend(this.#clients.of(clientKey, this.#clock.now()), user, frames);
  }

  /** Milliseconds until this address may connect again; 0 lets it in (LIM-3). */
  admit(info: Pick<ConnectionInfo, 'remoteAddress'>): number {
    return this.#gate.admit(info, this.#clock.now());
  }

  /** Called every second: forgets who is idle (LIM-4). */
  tick(): void {
    const now = this.#clock.now();
    this.#users?.sweep(now);
    this.#clients.sweep(now);
    this.#gate.sweep(now);
  }
}
