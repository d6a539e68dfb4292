import type { Demand, Durability, HistoryOptions, Published, StateDefinition } from '@longwave/protocol';
import { LongwaveError, checkOptions, describeValue, option, wireLimits } from '@longwave/protocol';
import type { Appended, MakeId, ReadQuery, Sink, StoredPage } from './base/ports.js';
import { type ConnectionInfo, openAuthority } from './base/authority.js';
import type { EngineOptions } from './engine-options.js';
import { Admissions } from './sessions/rights/admissions.js';
import { PendingAppends } from './channels/pending-appends.js';
import { CheckedAuthority } from './guards/checked-authority.js';
import { checkHooks } from './guards/checked-hooks.js';
import { Complaints } from './guards/complaints.js';
import { FencedStore, isToldOf } from './guards/fenced-store.js';
import { type Limits, defaultLimits, limitRules } from './base/limits.js';
import { type MaybePromise, chain, guard } from './base/maybe-promise.js';
import { type Stats, createStats } from './base/stats.js';
import { Cluster, type ClusterReport, type InspectQuery, type Reached } from './cluster/cluster.js';
import {
  type Here,
  type UserConnections,
  connectionsHere,
  disconnectHere,
  inTime,
  recheckHere,
  withThose,
} from './cluster/user-connections.js';
import { Notices } from './cluster/notices.js';
import { ClientCalls } from './cluster/client-calls.js';
import { PollEnds } from './sessions/poll-ends.js';
import { Asking } from './sessions/asking.js';
import { drainSessions } from './cluster/drain.js';
import { DemandBoard, type ServerDemandWatch } from './presence/demand.js';
import { type ServerChangeOptions, type ServerPublishOptions, asServer } from './channels/publish-options.js';
import { type DisconnectOptions, checkArguments } from './channels/server-arguments.js';
import { Directory } from './sessions/directory.js';
import { fencedClock } from './guards/fenced-clock.js';
import { Heartbeat } from './sessions/heartbeat.js';
import { Hub } from './delivery/hub.js';
import { fault } from './base/fault.js';
import { Leases } from './presence/leases.js';
import { Members } from './presence/members.js';
import { type Change, Publisher, validate } from './channels/publisher.js';
import { ownBytes, ownPage } from './guards/own-bytes.js';
import { Redactions } from './channels/redactions.js';
import { readHistory } from './channels/read-history.js';
import { requireEpoch } from './channels/require-epoch.js';
import { Rates } from './rates/rates.js';
import { ScopedStore } from './channels/scoped-ids.js';
import { requireTexts } from './guards/require-text.js';
import { Registry, type ResolvedChannel, inboxKey } from './channels/registry.js';
import { type Context, Session } from './sessions/session.js';
import { Timers } from './base/timers.js';
import { Listening } from './listening/listening.js';
import { handleFrame } from './sessions/handlers/handle-frame.js';
import type { Mode } from './channels/state/mode.js';
import type { LoadState } from './channels/state/loaded-state.js';
import { StateLoaders } from './channels/state/state-loaders.js';
import { Documents, requireDocuments } from './channels/documents.js';
import { requireRooms, startRooms } from './playing/room-host.js';
import { requireLog, requireState } from './channels/require-mode.js';
import { everySecond } from './base/every-second.js';
import { standardModes } from './channels/state/replacing-mode.js';
import { probe } from './cluster/probe.js';
import { type Visit, type Visitor, readAs } from './sessions/rights/visit.js';

/** A node of Longwave without its sockets: sessions over any link, the hub between them, and a store. */
export class Engine {
  readonly #context: Context;
  readonly #timers: Timers;
  readonly #demand: DemandBoard;
  readonly #leases: Leases;
  /** The application's own subscriptions on this node. */
  readonly listening: Listening;
  readonly documents: Documents;
  readonly redactions: Redactions;
  /** Texts from node to node. */
  readonly notices: Notices;
  /** Calls of the application to clients. */
  readonly clientCalls: ClientCalls;
  readonly #random: () => number;
  readonly #makeId: MakeId;
  readonly #cluster: Cluster | undefined;
  readonly #stopTicking: () => void;
  #state: 'running' | 'draining' | 'closed' = 'running';

  constructor(options: EngineOptions) {
    const { logger, calls = {}, hooks = {}, heartbeatMs = 10_000, authority = openAuthority } = options;
    const { channels, clientCalls: definitions = {}, documents: format, random, makeId, cluster } = options;
    const clock = fencedClock(options.clock, logger);
    const limits = { ...defaultLimits, ...options.limits };
    checkOptions('limits', options.limits ?? {}, limitRules);
    checkOptions('the engine', { heartbeatMs }, { heartbeatMs: option.milliseconds() });
    const stats = createStats();
    const timers = (this.#timers = new Timers(clock));
    this.#random = random;
    this.#makeId = makeId;
    const node = makeId();
    const registry = new Registry(channels);
    const complaints = new Complaints(clock, logger);
    const store = new ScopedStore(new FencedStore(options.store, complaints, stats));
    requireDocuments(channels, format, options.store);
    requireRooms(channels, options.rooms);
    const documents = (this.documents = new Documents({
      registry,
      store,
      format,
      timers,
      clock,
      random,
      makeId,
      logger,
    }));
    const publisher = new Publisher({ store, modes: { ...standardModes, ...options.modes }, documents, limits, stats });
    const redactions = (this.redactions = new Redactions({ store, registry, publisher }));
    const heartbeat = new Heartbeat<Session>(heartbeatMs, limits.connectTimeoutMs);
    const directory = new Directory<Session>(heartbeat);
    const hub = new Hub({ store, clock, timers, logger, limits, stats });
    const leases = (this.#leases = new Leases({ node, registry, publisher, clock, logger }));
    this.#demand = new DemandBoard({ node, leases, registry, publisher, hub, timers, logger });
    hub.onAsked = (feed) => this.#demand.onAsked(feed);
    this.#context = {
      node,
      arrivals: { count: 0, since: clock.now() },
      heartbeatMs,
      store,
      clock,
      logger,
      limits,
      stats,
      authority: new CheckedAuthority(authority, complaints),
      admissions: new Admissions(),
      appends: new PendingAppends(),
      complaints,
      hooks: checkHooks([hooks].flat(), complaints),
      calls,
      asking: new Asking({ timers, clock, directory, node, definitions }),
      registry,
      publisher,
      documents,
      redactions,
      rooms: options.rooms,
      hub,
      digest: options.digest,
      loaders: new StateLoaders(store, logger),
      members: new Members({
        ...{ leases, registry, clock, digest: options.digest },
        find: (clientKey) => directory.find(clientKey),
      }),
      directory,
      handle: handleFrame,
      pollEnds: new PollEnds(clock),
      heartbeat,
      rates: new Rates(clock, limits),
    };
    const { loaders } = this.#context;
    this.listening = new Listening({ hub, timers, logger, registry, loaders, publisher });
    const relay = cluster && options.store.relay && store.relay;
    const parts = { clock, timers, logger, random, makeId, node, store, relay, listening: this.listening };
    startRooms(options.rooms, registry, parts);
    const isDraining = (): boolean => this.#state === 'draining';
    const notices = (this.notices = new Notices(logger));
    this.#cluster = cluster && new Cluster({ ...cluster, context: this.#context, timers, makeId, notices, isDraining });
    this.clientCalls = new ClientCalls({ context: this.#context, definitions, cluster: this.#cluster, random });
    this.#cluster?.tick();
    this.#stopTicking = everySecond(clock, (late) => this.#tick(late));
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

  /** The failure that an acknowledged publish survives (G4). */
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
    directory.add(session);
    heartbeat.addOpening(session);
    return session;
  }

  /** Publishes in the name of the server. Rejects with `unknown-channel`, `invalid-data`, `too-large` or `too-old`. */
  async publish(channel: string, data: unknown, options: ServerPublishOptions = {}): Promise<Published> {
    checkArguments.publish(options);
    return chain(this.#append(channel, this.#resolve(channel), data, options), this.#toPublished);
  }

  /** How the channel turns changes into state. Undefined: it is a log, or there is none with this name. */
  modeOf(channel: string): Mode | undefined {
    const { registry, publisher } = this.#context;
    const definition = registry.resolve(channel)?.definition;
    return definition && 'bounds' in definition ? publisher.modeOf(definition) : undefined;
  }

  /** Publishes to a user's inbox (CH-4). */
  async publishToUser(user: string, data: unknown, options: ServerPublishOptions = {}): Promise<Published> {
    checkArguments.user('publish', user);
    checkArguments.publish(options);
    const { inbox } = this.#context.registry;
    if (!inbox) throw new LongwaveError('unknown-channel', "The contract defines no '@me'.");
    return chain(this.#append(inboxKey(user), inbox, data, options), this.#toPublished);
  }

  /**
   * Changes an entry in the name of the server (MAP-2). Rejects with `unknown-channel`, `wrong-mode`, `invalid-data`,
   * `too-large`, `too-many`, `conflict` or `too-old`.
   */
  async change(channel: string, change: Change, options: ServerChangeOptions = {}): Promise<Published> {
    checkArguments.change(options);
    return chain(this.#change(channel, this.#resolveChangeable(channel), change, options), this.#toPublished);
  }

  /**
   * Puts many entries. Resolves when all are stored; rejects with the first that was refused, and the others may be
   * stored.
   */
  async putAll(
    channel: string,
    entries: Iterable<readonly [key: string, value: unknown]>,
    options: Pick<ServerChangeOptions, 'user' | 'ttl'> = {},
  ): Promise<void> {
    checkArguments.putAll(entries, options);
    const definition = this.#resolveChangeable(channel);
    const pending: Promise<Appended>[] = [];
    try {
      for (const pair of entries) {
        checkArguments.pair('putAll', pair);
        const stored = this.#change(channel, definition, { key: pair[0], data: pair[1] }, options);
        if (stored instanceof Promise) pending.push(stored);
      }
    } catch (error) {
      // Those that are under way are no longer waited for: what becomes of them is told to nobody.
      void Promise.allSettled(pending);
      throw error;
    }
    if (pending.length > 0) await Promise.all(pending);
  }

  /** The entries of a channel with state, or the one with this key. */
  async entries(channel: string, key?: string): Promise<StoredPage> {
    const { store, loaders } = this.#context;
    requireTexts({ key });
    await loaders.ensure(channel, this.#resolveState(channel).bounds);
    return ownPage(await store.read(channel, { limit: Infinity, ...(key !== undefined && { key }) }));
  }

  /**
   * From now on `load` is asked for the state of the channels with this name or pattern, where the store has none
   * (STATE-6). Throws `unknown-channel` and `wrong-mode` where the contract has none such.
   */
  own(pattern: string, load: LoadState): void {
    checkArguments.callback('own', 'load', load);
    this.#resolveState(pattern);
    this.#context.loaders.add(pattern, load);
  }

  /**
   * Calls `listener` with the demand for the channel on all nodes, now and after each change (DEM-1), until
   * `unsubscribe()`. Throws `RangeError` where the contract does not say `demand: true`.
   */
  demand(channel: string, listener: (demand: Demand) => void): ServerDemandWatch {
    checkArguments.callback('demand', 'handler', listener);
    return this.#demand.watch(channel, listener);
  }

  /** A page of the log (HIS-1). Rejects with `wrong-mode` where there is none, with `epoch-changed` when it is another one than `epoch` (HIS-1). */
  async history(channel: string, query: HistoryOptions = {}): Promise<StoredPage> {
    checkArguments.history(query);
    requireLog(channel, this.#resolve(channel).definition);
    const { epoch, limit = 100, ...range } = query;
    const page = await readHistory(this.#context.store, channel, range, Math.min(limit, wireLimits.pageOperations));
    requireEpoch({ ...range, epoch }, page);
    return ownPage(page);
  }

  /**
   * A page of the log for somebody from outside: admitted and authorized like a client, or rejected with what refuses
   * them.
   */
  readAs(visitor: Visitor, channel: string, query: ReadQuery): Promise<Visit> {
    return readAs(this.#context, visitor, channel, query);
  }

  /**
   * Ends every connection of the user, or the one that `options` name, to this node at once, and resolves when the other
   * nodes have answered or 2 s are over. Nothing of these connections is stored or delivered afterwards, unless a node is named as `missing` (SES-12).
   * Rejects with `unavailable` when the store cannot be reached: it was done on this node alone, and is to be asked for
   * again.
   */
  async disconnectUser(user: string, options: DisconnectOptions = {}): Promise<Reached> {
    checkArguments.disconnect(user, options);
    const order = { ...options, user };
    return this.#reached(disconnectHere(this.#context, order), this.#cluster?.disconnectUser(order));
  }

  /**
   * The connections of the user to all nodes, oldest first. Each node tells of 1,000 at most. Rejects with `unavailable` when the
   * store cannot be reached.
   */
  async connectionsOf(user: string): Promise<UserConnections> {
    checkArguments.user('connections', user);
    const elsewhere = await this.#cluster?.connectionsOf(user);
    return withThose(connectionsHere(this.#context, user), elsewhere);
  }

  /** Asks for the rights of the user's connections anew (SUB-6, SES-12). As `disconnectUser`. */
  async recheckUser(user: string): Promise<Reached> {
    checkArguments.user('recheck', user);
    const here = recheckHere(this.#context, user);
    return this.#reached(here, this.#cluster?.recheckUser(user));
  }

  /** Reports on all nodes. Rejects with `unavailable` when the store cannot be reached, or without `cluster`. */
  async inspect(query: InspectQuery = {}): Promise<ClusterReport> {
    if (!this.#cluster) throw new LongwaveError('unavailable', 'This node was made without `cluster`.');
    return this.#cluster.inspect(query);
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
   * Sends everybody elsewhere, spread over `overMs` so that they do not all come to the others at once, and resolves
   * when all are gone (SES-7). A client that was asked to go stays until it has connected elsewhere, for at most
   * `overMs` and 5 s more; then it is told to come back at its own moment within `overMs`. `close` cuts it short.
   */
  async drain(overMs: number): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'draining';
    this.#cluster?.say();
    // So that clients find their rooms where they are sent.
    const { rooms } = this.#context;
    // Without rooms the first are asked to go at once.
    if (rooms) await rooms.drain();
    const { directory } = this.#context;
    await drainSessions({ directory, timers: this.#timers, random: this.#random }, overMs);
    await this.#cluster?.leave();
  }

  /** Ends what is left and releases the store. No timer is left, and none is set afterwards. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stopTicking();
    this.listening.close();
    for (const session of this.#context.directory.sessions) session.end('going-away');
    this.#timers.close();
    await this.documents.close();
    await this.#context.rooms?.close();
    await this.#context.store.close();
  }

  async #reached({ connections, done }: Here, others: Promise<Reached> | undefined): Promise<Reached> {
    const [missingHere, elsewhere] = await Promise.all([
      inTime(this.#context.node, this.#timers, done),
      others ?? { connections: 0, missing: [] },
    ]);
    return { connections: connections + elsewhere.connections, missing: [...elsewhere.missing, ...missingHere] };
  }

  readonly #toPublished = ({ epoch, offset, duplicate }: Appended): Published => {
    return { position: { epoch, offset }, duplicate, durability: this.durability };
  };

  #resolve(channel: string): ResolvedChannel {
    const resolved = this.#context.registry.resolve(channel);
    if (!resolved) throw new LongwaveError('unknown-channel', `No channel is called ${describeValue(channel)}.`);
    return resolved;
  }

  #append(key: string, channel: ResolvedChannel, data: unknown, options: ServerPublishOptions): MaybePromise<Appended> {
    const definition = requireLog(key, channel.definition);
    return chain(validate(definition.message, ownBytes(data)), (valid) =>
      this.#context.publisher.append(key, definition, valid, asServer(options)),
    );
  }

  #resolveChangeable(channel: string): StateDefinition {
    if (this.#resolve(channel).about)
      throw new LongwaveError('forbidden', `'${channel}' is written by Longwave itself.`);
    return this.#resolveState(channel);
  }

  #resolveState(channel: string): StateDefinition {
    return requireState(channel, this.#resolve(channel).definition);
  }

  #change(
    channel: string,
    definition: StateDefinition,
    change: Change,
    options: ServerChangeOptions,
  ): MaybePromise<Appended> {
    const { loaders, publisher } = this.#context;
    requireTexts({ key: change.key });
    const own = { ...change, data: ownBytes(change.data) };
    return chain(loaders.ensure(channel, definition.bounds), () =>
      publisher.change(channel, definition, own, asServer(options)),
    );
  }

  #tick(late: boolean): void {
    const { directory, hub, heartbeat, rates, members, store, logger } = this.#context;
    for (const part of [hub, heartbeat, directory, rates, members, this.#leases, this.#cluster]) {
      void guard(
        () => part?.tick(),
        (error) => logger.error('A task of every second failed.', error),
      );
    }
    // The timers of expiries come late (SES-13).
    if (late) for (const session of directory.sessions) session.endIfExpired();
    void guard(
      () => store.expire(),
      (error) => !isToldOf(error) && logger.error('Entries could not be expired.', error),
    );
  }
}
