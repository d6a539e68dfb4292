import type { ConnectionInfo } from '../base/authority.js';
import type { Clock } from '../base/ports.js';
import type { Limits } from '../base/limits.js';
import { Creations } from './creations.js';
import { addressKey } from './address-key.js';
import { ConnectGate } from './connect-gate.js';
import { Keyed } from './keyed.js';
import { type Rate, TokenBucket } from './token-bucket.js';

/**
 * The longest that a request beyond a rate waits, in milliseconds; one that would have to wait longer is refused (HTTP-6).
 */
export const maxRequestWaitMs = 1000;
/** Seconds of its rate that an address may use at once: its clients come back together after an outage. */
const addressBurstSeconds = 5;
/** A client that has been known for so long counts for itself alone. */
const establishedMs = 10_000;
/** Longer than a poll is held. */
const rememberMs = 90_000;

/** The cost of a request, and the client that pays it. */
export interface RequestCost {
  /** Undefined: it names no client. */
  readonly clientKey: string | undefined;
  readonly user: string | undefined;
  /** Frames. Asked only of one that is not refused. */
  readonly cost: () => number;
  readonly info: Pick<ConnectionInfo, 'remoteAddress'>;
}

/** How much of its rate a connection has used: its token bucket as one number, since each idle connection holds one. */
export interface Allowance {
  /** When the bucket is full again, in milliseconds that the node has run. */
  fullAt: number;
}

/** A connection may use its rate of a second at once. */
const connectionBurstMs = 1000;

/** A client that makes requests: its rate, and how long it has been known. */
class RequestClient {
  readonly bucket: TokenBucket;
  readonly #since: number;
  #seenAt: number;

  constructor(rate: Rate, now: number) {
    this.bucket = new TokenBucket(rate, now);
    this.#since = this.#seenAt = now;
  }

  /** Returns whether it has been known for a while. */
  see(now: number): boolean {
    this.#seenAt = now;
    return Math.abs(now - this.#since) >= establishedMs;
  }

  isIdle(now: number): boolean {
    return this.bucket.isIdle(now) && Math.abs(now - this.#seenAt) >= rememberMs;
  }
}

/** A fifth of a second at a time: what waits is merged meanwhile. */
function deliveryRate(bytesPerSecond: number): Rate {
  return { perSecond: bytesPerSecond, burst: bytesPerSecond / 5 };
}

/**
 * The token buckets of a node: of each connection, of each user that sent something lately, of each client that makes
 * requests and of the addresses they come from (HTTP-6, HTTP-8), of each address that connects (LIM-3), and of what is
 * sent to each client that asked for a bound (VIEW-8).
 */
export class Rates {
  readonly #clock: Clock;
  /** Rate of each connection, and of each client that makes requests. */
  readonly #connectionRate: Rate;
  /** Milliseconds that have passed, however the clock was set. */
  #ranMs = 0;
  #lastNow: number;
  readonly #users: Keyed<TokenBucket> | undefined;
  readonly #clients: Keyed<RequestClient>;
  readonly #addresses: Keyed<TokenBucket> | undefined;
  readonly #deliveries: Keyed<TokenBucket>;
  readonly #gate: ConnectGate;
  /** Channels that clients made (LIM-12). */
  readonly creations: Creations;

  constructor(clock: Clock, limits: Limits) {
    const { framesPerSecond, userFramesPerSecond, addressFramesPerSecond, rememberedPeers } = limits;
    this.#clock = clock;
    this.#lastNow = clock.now();
    this.#connectionRate = { perSecond: framesPerSecond, burst: framesPerSecond };
    const userRate: Rate = { perSecond: userFramesPerSecond, burst: userFramesPerSecond };
    if (userFramesPerSecond < Infinity)
      this.#users = new Keyed((now) => new TokenBucket(userRate, now), rememberedPeers);
    this.#clients = new Keyed((now) => new RequestClient(this.#connectionRate, now), rememberedPeers);
    this.#deliveries = new Keyed((now, key) => new TokenBucket(deliveryRate(parseFloat(key)), now), rememberedPeers);
    const addressRate = { perSecond: addressFramesPerSecond, burst: addressFramesPerSecond * addressBurstSeconds };
    if (addressFramesPerSecond < Infinity)
      this.#addresses = new Keyed((now) => new TokenBucket(addressRate, now), rememberedPeers);
    const { addressConnectsPerSecond: perSecond, addressConnectBurst: burst } = limits;
    this.#gate = new ConnectGate({ perSecond, burst }, rememberedPeers);
    this.creations = new Creations(clock, limits.channelsPerHour, rememberedPeers);
  }

  /** Users and addresses that are remembered. */
  get remembered(): number {
    const others = (this.#users?.size ?? 0) + (this.#addresses?.size ?? 0) + this.#gate.size + this.creations.size;
    return this.#clients.size + this.#deliveries.size + others;
  }

  /**
   * Milliseconds that a connection is not to be read from, after it sent `frames`. Part of the way of every message:
   * allocates nothing.
   */
  spend(connection: Allowance, user: string | undefined, frames: number): number {
    const now = this.#clock.now();
    const waitMs = this.#take(connection, frames, now);
    // Looked up each time: a connection that holds its user's bucket would keep it for as long as it is idle.
    if (user === undefined || !this.#users) return waitMs;
    return Math.max(waitMs, this.#users.of(user, now).take(frames, now));
  }

  /** Milliseconds until what a connection and its user sent is paid for: 0 when it may be read from. */
  owed(connection: Allowance, user: string | undefined): number {
    return this.spend(connection, user, 0);
  }

  #take(connection: Allowance, frames: number, now: number): number {
    const { perSecond } = this.#connectionRate;
    if (perSecond === Infinity) return 0;
    // The clock may be set back.
    if (now > this.#lastNow) this.#ranMs += now - this.#lastNow;
    this.#lastNow = now;
    const ranMs = this.#ranMs;
    connection.fullAt = Math.max(connection.fullAt, ranMs) + (frames / perSecond) * 1000;
    return Math.max(0, connection.fullAt - ranMs - connectionBurstMs);
  }

  /**
   * Milliseconds that a request waits until those before it are paid for. Beyond `maxRequestWaitMs` it is to be refused,
   * and counts for nothing: those who come back when they were told to are let in (HTTP-6).
   */
  request({ clientKey, user, cost, info }: RequestCost): number {
    const now = this.#clock.now();
    const known = clientKey === undefined ? undefined : this.#clients.find(clientKey);
    const shared = this.#sharedBucket(user, known?.see(now) ?? false, info, now);
    const waitMs = Math.max(known?.bucket.owed(now) ?? 0, shared?.owed(now) ?? 0);
    if (waitMs > maxRequestWaitMs) return waitMs;
    // A client that is refused is not remembered: an address that sends ever new ids must not drive out known clients.
    const client = known ?? (clientKey === undefined ? undefined : this.#clients.of(clientKey, now));
    const frames = cost();
    client?.bucket.take(frames, now);
    shared?.take(frames, now);
    return waitMs;
  }

  /** The bucket that a request shares with others. The id is the client's own choice: a new one each time brings no new allowance (HTTP-8). */
  #sharedBucket(
    user: string | undefined,
    established: boolean,
    info: RequestCost['info'],
    now: number,
  ): TokenBucket | undefined {
    if (user !== undefined) return this.#users?.of(user, now);
    if (established || !this.#addresses) return undefined;
    const { remoteAddress } = info;
    return remoteAddress === undefined ? undefined : this.#addresses.of(addressKey(remoteAddress), now);
  }

  /**
   * Milliseconds until a client that asked for a bound on what it is sent may be sent more, after these bytes (VIEW-8).
   */
  deliver(clientKey: string, bytesPerSecond: number, bytes: number): number {
    const now = this.#clock.now();
    return this.#deliveries.of(`${bytesPerSecond} ${clientKey}`, now).take(bytes, now);
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
    this.#deliveries.sweep(now);
    this.#addresses?.sweep(now);
    this.#gate.sweep(now);
    this.creations.sweep(now);
  }
}
