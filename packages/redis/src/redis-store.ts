import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  NewOperation,
  ReadQuery,
  Store,
  StoredPage,
  Watcher,
} from '@longwave/core';
import { appendCall, compactCall } from './append-call.js';
import { Expiry } from './expiry.js';
import { channelKeys, shardOf } from './keys.js';
import { type Argument, UnavailableError } from './links/request.js';
import type { Server } from './links/server.js';
import { type RedisStoreOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { Reader } from './reader.js';
import { Router, argumentsOf, sizeOf, textOf } from './router.js';
import { ClusterTopology } from './topology/cluster.js';
import { Single } from './topology/single.js';
import type { Topology, TopologyEvents } from './topology/topology.js';
import { Poller } from './watching/poller.js';
import { RedisRelay } from './watching/relay.js';
import { Watches } from './watching/watches.js';

/** More than the time of a server may be off, as this node knows it. */
const clockSlackMs = 500;

/** Channels in Redis, which any number of nodes share. */
export class RedisStore implements Store {
  readonly durability: Store['durability'];
  readonly announcements = 'reliable';
  readonly #options: ResolvedOptions;
  readonly #topology: Topology;
  readonly #router: Router;
  readonly #reader: Reader;
  readonly #expiry: Expiry;
  readonly #watches: Watches;
  readonly #poller: Poller;
  readonly relay: RedisRelay;

  constructor(given: RedisStoreOptions) {
    const options = (this.#options = resolveOptions(given));
    this.durability = options.durability;
    const events: TopologyEvents = {
      onNews: async (server, redis) => {
        await this.#watches.restore(server, redis);
        await this.relay.restore(server, redis);
        this.#poller.hurry();
      },
      onMoved: () => {
        this.#watches.mend();
        this.relay.mend();
        this.#poller.hurry();
      },
    };
    this.#topology = options.target.cluster ? new ClusterTopology(options, events) : new Single(options, events);
    this.#router = new Router(this.#topology);
    this.#reader = new Reader(this.#router, options);
    this.#expiry = new Expiry(this.#router, options);
    this.#watches = new Watches(this.#topology, options);
    this.relay = new RedisRelay(this.#topology, options);
    this.#poller = new Poller(this.#topology, this.#router, this.#reader, this.#watches, options);
  }

  /**
   * Resolves when Redis can be used; rejects when it cannot as it is set up (durability, version, shards). Nothing has
   * to wait for it: until then, and during outages, what is asked is rejected, transiently.
   */
  ready(): Promise<void> {
    return this.#topology.ready();
  }

  append(channel: string, operation: NewOperation, keep: Keep): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const shard = shardOf(channel, this.#options.shards);
      this.#topology.locate(
        shard,
        (server) => {
          this.#append(server, shard, channel, operation, keep).then(resolve, (error: unknown) =>
            reject(this.#router.explain(error)),
          );
        },
        reject,
      );
    });
  }

  /** Commands are sent before this returns: appends keep the order of the calls. */
  async #append(
    server: Server,
    shard: number,
    channel: string,
    operation: NewOperation,
    keep: Keep,
  ): Promise<Appended> {
    const { prefix, commandTimeoutMs, durability } = this.#options;
    const keys = channelKeys(prefix, shard, channel);
    const call = appendCall(keys, operation, keep, this.#options);
    const args = (): readonly Argument[] => {
      const deadline = Math.round(server.clock.now() + commandTimeoutMs + clockSlackMs);
      return argumentsOf({ ...call, args: [deadline, ...call.args] });
    };
    const sent = server.appends.request('EVALSHA', args, sizeOf(call));
    const confirmed = durability === 'replicated' ? server.replication.confirm() : undefined;
    const answer = await sent;
    const [, epoch, offset, duplicate, now] = this.#router.check(server, answer);
    server.clock.learn(Number(now));
    if (confirmed && (await confirmed) !== answer.connection) {
      throw new UnavailableError(
        `${server.name}: the connection broke before replicas confirmed the append. Try again, as a retry.`,
      );
    }
    return { epoch: textOf(epoch), offset: Number(offset), duplicate: Number(duplicate) === 1 };
  }

  /** Late, or twice, it does no harm: it names what it replaces. So it keeps no append waiting. */
  async compact(channel: string, compaction: Compaction): Promise<boolean> {
    const { prefix, shards } = this.#options;
    const shard = shardOf(channel, shards);
    const [, done] = await this.#router.read(shard, compactCall(channelKeys(prefix, shard, channel), compaction));
    return Number(done) === 1;
  }

  read(channel: string, query: ReadQuery): Promise<StoredPage> {
    return this.#reader.read(channel, query);
  }

  bounds(channel: string): Promise<Bounds> {
    return this.#reader.bounds(channel);
  }

  watch(channel: string, watcher: Watcher): Promise<() => void> {
    return this.#watches.watch(channel, watcher);
  }

  expire(): Promise<void> {
    return this.#expiry.run();
  }

  /** Rejects unless each master that has shards answers. */
  check(): Promise<void> {
    return this.#topology.check();
  }

  close(): void {
    this.#poller.close();
    this.#watches.close();
    this.relay.close();
    this.#topology.close();
  }
}
