import type { Calls, Channels, Durability } from '@longwave/protocol';
import { LongwaveError, wireLimits } from '@longwave/protocol';
import type { Appended, Clock, Logger, MakeId, NewOperation, ReadQuery, Sink, Store, StoredPage } from './ports.js';
import type { Hooks } from './hooks.js';
import { type Authority, type ConnectionInfo, openAuthority } from './authority.js';
import { type Limits, defaultLimits } from './limits.js';
import { type MaybePromise, chain } from './maybe-promise.js';
import { type Stats, createStats } from './stats.js';
import { Directory } from './directory.js';
import { Heartbeat } from './heartbeat.js';
import { Hub } from './hub.js';
import { fault } from './fault.js';
import { Publisher, validate } from './publisher.js';
import { Rates } from './rates.js';
import { Registry, type ResolvedChannel } from './registry.js';
import { type Context, Session } from './session.js';
import { Timers } from './timers.js';
import { handleFrame } from './handlers/handle-frame.js';
import { inboxKey } from './address.js';
import { probe } from './probe.js';
import { recheck } from './recheck.js';
import { type Visit, type Visitor, readAs } from './visit.js';

const tickMs = 1000;

export interface EngineOptions {
  readonly channels: Channels;
  readonly calls?: Calls;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly makeId: MakeId;
  readonly logger: Logger;
  readonly authority?: Authority;
  readonly hooks?: Hooks;
  readonly limits?: Partial<Limits>;
  /** Milliseconds between pings (HB-2). Default 10,000. */
  readonly heartbeatMs?: number;
}

export interface PublishOptions {
  /** A message id: publishing it again stores nothing (PUB-3). */
  readonly id?: string;
  /** The user in whose name it is published. */
  readonly user?: string;
  /** This publish may have been stored before (PUB-4). */
  readonly retry?: boolean;
}

/** A node of Longwave without its sockets: sessions over any link, the hub between them, a store behind it. */
export class Engine {
  readonly #context: Context;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #makeId: MakeId;
  #stopTicking: () => void = () => undefined;
  #state: 'running' | 'draining' | 'closed' = 'running';

  constructor(options: EngineOptions) {
    const { store, clock, logger, calls = {}, hooks = {}, heartbeatMs = 10_000, authority = openAuthority } = options;
    const limits = { ...defaultLimits, ...options.limits };
    const stats = createStats();
    const timers = (this.#timers = new Timers(clock));
    this.#random = options.random;
    this.#makeId = options.makeId;
    this.#context = {
      node: options.makeId(),
      heartbeatMs,
      store,
      clock,
      logger,
      limits,
      stats,
      authority,
      hooks,
      calls,
      registry: new Registry(options.channels),
      publisher: new Publisher(store, limits, stats, logger),
      hub: new Hub({ store, clock, timers, logger, limits, stats }),
      directory: new Directory<Session>(),
      handle: handleFrame,
      heartbeat: new Heartbeat(heartbeatMs, limits.connectTimeoutMs),
      rates: new Rates(clock, limits),
    };
    this.#tick();
  }

  get node(): string {
    return this.#context.node;
  }

  get stats(): Readonly<Stats> {
    return this.#context.stats;
  }

  get limits(): Limits {
    return this.#context.limits;
  }

  /** What an acknowledged publish survives (G4). */
  get durability(): Durability {
    return this.#context.store.durability;
  }

  get accepting(): boolean {
    return this.#state === 'running';
  }

  /** A link was opened. The transport hands over what comes in, and tells when it drains and when it is gone. */
  accept(sink: Sink, info: ConnectionInfo): Session {
    const { stats, directory, heartbeat } = this.#context;
    const session = new Session(this.#context, sink, info);
    stats.connections++;
    stats.accepted++;
    directory.sessions.add(session);
    heartbeat.addOpening(session);
    return session;
  }

  /** Publishes in the name of the server. Rejects with `unknown-channel`, `invalid-data`, `too-large` or `too-old`. */
  async publish(channel: string, data: unknown, options: PublishOptions = {}): Promise<Appended> {
    return this.#append(channel, this.#resolve(channel), data, options);
  }

  /** Publishes to a user's inbox (CH-4). */
  async publishToUser(user: string, data: unknown, options: PublishOptions = {}): Promise<Appended> {
    const { inbox } = this.#context.registry;
    if (!inbox) throw new LongwaveError('unknown-channel', "The contract defines no '@me'.");
    return this.#append(inboxKey(user), inbox, data, options);
  }

  /** A page of the log (HIS-1). */
  async history(channel: string, query: Partial<ReadQuery> = {}): Promise<StoredPage> {
    this.#resolve(channel);
    const limit = Math.min(query.limit ?? 100, wireLimits.pageOperations);
    return this.#context.store.read(channel, { ...query, limit });
  }

  /** A page of the log for somebody from outside: admitted and authorized like a client, or rejected with what refuses them. */
  readAs(visitor: Visitor, channel: string, query: ReadQuery): Promise<Visit> {
    return readAs(this.#context, visitor, channel, query);
  }

  /** Ends every connection of the user. Returns how many there were. */
  disconnectUser(user: string, message?: string): number {
    const sessions = this.#context.directory.sessionsOf(user);
    for (const session of sessions) session.end('disconnected', message);
    return sessions.length;
  }

  /** Asks for the rights of the user's connections anew (SUB-6), each behind what it asked for before. */
  recheckUser(user: string): void {
    for (const session of this.#context.directory.sessionsOf(user)) session.enqueueTask(() => recheck(session));
  }

  /**
   * Proves that delivery works: sends a message through the store to a subscriber in this process, on
   * a log that no client can name. Resolves with the milliseconds it took; rejects with `timeout`,
   * with `going-away` when the node drains or closes, or with what the store failed with.
   */
  async probe(timeoutMs: number): Promise<number> {
    if (!this.accepting) throw fault('going-away');
    const { node, store, hub, clock } = this.#context;
    return probe({ node, store, hub, clock, timers: this.#timers, makeId: this.#makeId, timeoutMs });
  }

  /**
   * Sends everybody elsewhere, spread over `overMs`, and resolves when all are gone (SES-7). Each
   * is told when to come back: at its own moment within `overMs`, so that they do not all come at once.
   * `close` cuts it short.
   */
  async drain(overMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'draining';
    const { directory } = this.#context;
    const sessions = [...directory.sessions];
    const batches = Math.max(1, Math.ceil(overMs / 50));
    const size = Math.ceil(sessions.length / batches);
    for (let i = 0; i < sessions.length; i += size) {
      if (i > 0) await this.#timers.wait(50);
      for (const session of sessions.slice(i, i + size)) this.#sendAway(session, overMs);
    }
  }

  /** Ends what is left and releases the store. No timer is left, and none is set afterwards. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopTicking();
    for (const session of this.#context.directory.sessions) session.end('going-away');
    this.#timers.close();
    await this.#context.store.close();
  }

  #sendAway(session: Session, overMs: number): void {
    const retryAfterMs = Math.round(this.#random() * overMs);
    session.send({ type: 'goaway', retryAfterMs });
    session.end('going-away', undefined, retryAfterMs);
  }

  #resolve(channel: string): ResolvedChannel {
    const resolved = this.#context.registry.resolve(channel);
    if (!resolved) throw new LongwaveError('unknown-channel', `No channel is called '${channel}'.`);
    return resolved;
  }

  #append(key: string, channel: ResolvedChannel, data: unknown, options: PublishOptions): MaybePromise<Appended> {
    const meta: Omit<NewOperation, 'payload'> = options;
    return chain(validate(channel.definition.message, data), (valid) =>
      this.#context.publisher.append(key, channel, valid, meta),
    );
  }

  #tick(): void {
    this.#stopTicking = this.#context.clock.setTimer(() => {
      this.#tick();
      this.#context.hub.tick();
      this.#context.heartbeat.tick();
      this.#context.rates.tick();
    }, tickMs);
  }
}
