import { type Redis as Client, Redis } from 'ioredis';
import { type RedisClientOptions, type ResolvedOptions, reasonOf } from '../options.js';
import { Link } from './link.js';
import { Outage } from './outage.js';
import { checkDeployment, checkDurability, loadScripts, readInfo } from './prepare.js';
import { ReplicationWait } from './replication-wait.js';
import { ServerClock } from './server-clock.js';
import { verifySettings } from './settings.js';

/** Makes a client for one connection. */
export type OpenClient = (options: RedisClientOptions) => Client;

export interface ServerEvents {
  /** A connection for announcements stands, with no subscriptions yet. */
  onNews(redis: Client): Promise<void>;
  onUp(): void;
  onDown(error: Error): void;
}

const maxReadsInFlight = 64;
/** Few enough that a server that is busy but well answers the last of them in time. */
const maxAppendsInFlight = 512;
const maxWaiting = 100_000;
const maxBytes = 64 * 1024 * 1024;

/**
 * One master, by three connections: appends, which keep their order and may wait for replicas; reads, of which few are
 * under way at once; announcements. Where one of them comes to another server than the others, they follow it.
 */
export class Server {
  readonly name: string;
  readonly appends: Link;
  readonly reads: Link;
  readonly news: Link;
  readonly clock = new ServerClock();
  readonly replication: ReplicationWait;
  readonly #options: ResolvedOptions;
  readonly #openClient: OpenClient;
  readonly #events: ServerEvents;
  readonly #outage: Outage;
  readonly #runIds = new Map<string, string>();
  /** The last connection for appends, as the server with this run id knows it. */
  #fenced: { readonly runId: string; readonly clientId: number } | undefined;
  #refusedKill = false;

  constructor(name: string, openClient: OpenClient, options: ResolvedOptions, events: ServerEvents) {
    this.name = name;
    this.#openClient = openClient;
    this.#options = options;
    this.#events = events;
    this.#outage = new Outage(name, options.logger);
    this.appends = this.#link('appends', maxAppendsInFlight, 2, async (redis, runId) => {
      await this.#fence(redis, runId);
      await checkDurability(redis, options);
      await checkDeployment(redis, options);
      await loadScripts(redis);
      const [seconds, micros] = await redis.time();
      this.clock.reset(Number(seconds) * 1000 + Number(micros) / 1000);
    });
    this.reads = this.#link('reads', maxReadsInFlight, 5, loadScripts);
    this.news = this.#link('announcements', maxAppendsInFlight, 1, (redis) => events.onNews(redis));
    this.replication = new ReplicationWait(this.appends, options);
  }

  get isUp(): boolean {
    return this.appends.isUp && this.reads.isUp && this.news.isUp;
  }

  /**
   * Finds connections on which nothing comes through any more, also where nothing is asked, and settings that were
   * changed.
   */
  probe(): void {
    if (this.appends.isUp) void verifySettings(this.appends, this.#options);
    for (const link of [this.reads, this.news]) {
      if (link.isUp) link.request('PING', () => []).catch(() => undefined);
    }
  }

  /** Rejects unless it answers, to appends and to reads. */
  async check(): Promise<void> {
    await Promise.all([this.appends, this.reads].map((link) => link.request('PING', () => [])));
  }

  close(): void {
    for (const link of [this.appends, this.reads, this.news]) link.close();
  }

  #link(
    kind: string,
    maxInFlight: number,
    patience: number,
    prepare: (redis: Client, runId: string) => Promise<void>,
  ): Link {
    const { commandTimeoutMs, client } = this.#options;
    return new Link({
      name: `${this.name}, connection for ${kind},`,
      open: () =>
        this.#openClient({
          ...client,
          lazyConnect: false,
          enableOfflineQueue: false,
          enableAutoPipelining: false,
          autoResubscribe: false,
          autoResendUnfulfilledCommands: false,
          enableReadyCheck: true,
          maxRetriesPerRequest: 0,
          retryStrategy: null,
          sentinelRetryStrategy: () => null,
          reconnectOnError: null,
          connectTimeout: commandTimeoutMs,
          disconnectTimeout: 100,
          sentinelCommandTimeout: commandTimeoutMs / 2,
        }),
      prepare: async (redis) => {
        const info = await readInfo(redis);
        const runId = info.get('run_id') ?? '';
        await prepare(redis, runId);
        this.#runIds.set(kind, runId);
      },
      maxInFlight,
      timeoutMs: commandTimeoutMs,
      maxWaitMs: commandTimeoutMs * patience,
      maxWaiting,
      maxBytes,
      onUp: () => {
        this.#follow(kind);
        this.#outage.ends(kind);
        if (this.isUp) this.#events.onUp();
      },
      onDown: (error) => {
        this.#runIds.delete(kind);
        this.#outage.begins(kind, error);
        this.#events.onDown(error);
      },
    });
  }

  /** The link that came up last knows best which server is the master. */
  #follow(kind: string): void {
    const runId = this.#runIds.get(kind);
    const links = { appends: this.appends, reads: this.reads, announcements: this.news };
    for (const [other, link] of Object.entries(links)) {
      if (other === kind || this.#runIds.get(other) === undefined || this.#runIds.get(other) === runId) continue;
      link.restart(new Error('another server is the master now'));
    }
  }

  /**
   * Commands of an older connection may still wait in its socket: they must not be carried out after those of this one.
   * The server drops it with the connection.
   */
  async #fence(redis: Client, runId: string): Promise<void> {
    const clientId = await redis.client('ID');
    if (this.#fenced?.runId === runId) {
      await redis.client('KILL', 'ID', this.#fenced.clientId).catch((error: unknown) => this.#noKill(error));
    }
    this.#fenced = { runId, clientId };
  }

  #noKill(error: unknown): void {
    if (this.#refusedKill) return;
    this.#refusedKill = true;
    this.#options.logger.error(
      `${this.name} refuses CLIENT KILL (${reasonOf(error)}): after a connection breaks, appends may be stored out of order. Allow it.`,
    );
  }
}

/** For a URL or a group of Sentinels. */
export function openMaster({ target }: ResolvedOptions): { name: string; open: OpenClient } {
  if (target.sentinels) {
    const { sentinels, name } = target;
    return {
      name: `Redis ${name} of the Sentinels`,
      open: (options) => new Redis({ ...options, sentinels: sentinels.map((address) => ({ ...address })), name }),
    };
  }
  const url = 'url' in target && target.url !== undefined ? target.url : 'redis://127.0.0.1:6379';
  return { name: `Redis ${nameOf(url)}`, open: (options) => new Redis(url, options) };
}

/** Without the credentials that it may hold. */
function nameOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || url : url;
}
