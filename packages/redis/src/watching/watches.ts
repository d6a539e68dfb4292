import type { Bounds, Watcher } from '@longwave/core';
import type { Redis } from 'ioredis';
import { channelKeys, shardOf } from '../keys.js';
import { UnavailableError } from '../links/request.js';
import type { Server } from '../links/server.js';
import { type ResolvedOptions, reasonOf } from '../options.js';
import { type Announcement, decodeAnnouncement } from '../operation-codec.js';
import type { Topology } from '../topology/topology.js';

/** Channels subscribed to by one command: they are of one shard. */
const batch = 500;

/** A channel that somebody watches. */
export interface Watched {
  readonly channel: string;
  readonly shard: number;
  /** The name of its announcements. */
  readonly topic: string;
  readonly watchers: Set<Watcher>;
  /** Place of the last announcement. */
  epoch: string;
  offset: number;
  /** Up to here in its shard nothing of this channel is missing. */
  seq: number;
  /** Where it is subscribed to, or was asked to be. */
  server: Server | undefined;
  subscribed: Promise<void>;
}

/**
 * The channels that this node watches. Each channel has announcements of its own, so that a node hears of nothing that
 * it does not watch, however many channels and nodes there are. That one is lost is found by the poller.
 */
export class Watches {
  readonly #topology: Topology;
  readonly #options: ResolvedOptions;
  readonly #byTopic = new Map<string, Watched>();
  readonly #byShard = new Map<number, Set<Watched>>();
  /** Servers that ended a subscription by themselves, as they do when a slot moves away, if only for a moment. */
  readonly #unsure = new Set<Server>();

  constructor(topology: Topology, options: ResolvedOptions) {
    this.#topology = topology;
    this.#options = options;
  }

  get shards(): ReadonlyMap<number, ReadonlySet<Watched>> {
    return this.#byShard;
  }

  find(shard: number, channel: string): Watched | undefined {
    return this.#byTopic.get(channelKeys(this.#options.prefix, shard, channel).channel);
  }

  async watch(channel: string, watcher: Watcher): Promise<() => void> {
    const watched = this.#open(channel);
    // An object of its own: the same watcher may be given twice.
    const own: Watcher = {
      announce: (epoch, op) => watcher.announce(epoch, op),
      learn: (bounds) => watcher.learn(bounds),
    };
    watched.watchers.add(own);
    const stop = (): void => {
      if (watched.watchers.delete(own) && watched.watchers.size === 0) this.#end(watched);
    };
    try {
      await watched.subscribed;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Subscribes to all that was subscribed to on this server, by its new connection. */
  async restore(server: Server, redis: Redis): Promise<void> {
    redis.on('smessageBuffer', (topic: Buffer, message: Buffer) => this.#hear(topic, message));
    redis.on('moved', () => {
      this.#unsure.add(server);
      this.#topology.doubt();
    });
    await this.#subscribeAll(server, (topics) => redis.ssubscribe(...topics));
  }

  /**
   * Follows the channels whose shard another server has now, and makes sure of those that may be subscribed to no more.
   */
  mend(): void {
    for (const [shard, channels] of this.#byShard) {
      const server = this.#topology.serverOf(shard);
      for (const watched of channels) {
        if (!server || watched.server === server) continue;
        this.#unsubscribe(watched);
        this.#subscribe(watched);
      }
    }
    for (const server of this.#unsure) {
      this.#unsure.delete(server);
      if (!server.news.isUp) continue;
      this.#subscribeAll(server, (topics) => server.news.request('ssubscribe', () => topics)).catch(() =>
        this.#unsure.add(server),
      );
    }
  }

  /** So the channel stands in Redis. `seq`: how far its shard was before. */
  learn(watched: Watched, bounds: Bounds, seq: number): void {
    watched.seq = Math.max(watched.seq, seq);
    for (const watcher of watched.watchers) watcher.learn(bounds);
  }

  close(): void {
    this.#byTopic.clear();
    this.#byShard.clear();
    this.#unsure.clear();
  }

  #open(channel: string): Watched {
    const { prefix, shards } = this.#options;
    const shard = shardOf(channel, shards);
    const topic = channelKeys(prefix, shard, channel).channel;
    const found = this.#byTopic.get(topic);
    if (found) return found;
    const watched: Watched = {
      ...{ channel, shard, topic, watchers: new Set(), epoch: '', offset: 0, seq: 0 },
      server: undefined,
      subscribed: Promise.resolve(),
    };
    this.#byTopic.set(topic, watched);
    const others = this.#byShard.get(shard);
    if (others) others.add(watched);
    else this.#byShard.set(shard, new Set([watched]));
    this.#subscribe(watched);
    return watched;
  }

  #end(watched: Watched): void {
    if (this.#byTopic.get(watched.topic) !== watched) return;
    this.#byTopic.delete(watched.topic);
    const others = this.#byShard.get(watched.shard);
    others?.delete(watched);
    if (others?.size === 0) this.#byShard.delete(watched.shard);
    this.#unsubscribe(watched);
  }

  /** A shard with each command; those that moved away are not there to be subscribed to. */
  async #subscribeAll(server: Server, subscribe: (topics: readonly string[]) => Promise<unknown>): Promise<void> {
    const commands: Promise<unknown>[] = [];
    for (const shard of this.#byShard.values()) {
      const watched = [...shard].filter((each) => each.server === server);
      for (let from = 0; from < watched.length; from += batch) {
        const some = watched.slice(from, from + batch);
        commands.push(
          subscribe(some.map(({ topic }) => topic)).catch((error: unknown) => {
            if (!/^(?:MOVED|CLUSTERDOWN)/.test(reasonOf(error))) throw error;
            this.#topology.doubt();
            for (const each of some) each.server = undefined;
          }),
        );
      }
    }
    await Promise.all(commands);
  }

  #subscribe(watched: Watched): void {
    watched.subscribed = new Promise((resolve, reject) => {
      this.#topology.locate(
        watched.shard,
        (server) => {
          // Nobody wants it any more, or it moved on already.
          if (this.#byTopic.get(watched.topic) !== watched) return resolve();
          watched.server = server;
          server.news
            .request('ssubscribe', () => [watched.topic])
            .then(
              () => resolve(),
              (error: unknown) => {
                if (!(error instanceof UnavailableError)) this.#topology.doubt();
                // Where the connection broke the next one subscribes; otherwise it is tried again.
                if (server.news.isUp && watched.server === server) watched.server = undefined;
                reject(
                  new UnavailableError(
                    `${watched.channel} cannot be watched: ${reasonOf(error)}`,
                    error instanceof UnavailableError ? {} : { cause: error },
                  ),
                );
              },
            );
        },
        reject,
      );
    });
    // A caller that waits for it gets the error; nobody waits when it only moves.
    watched.subscribed.catch(() => undefined);
  }

  #unsubscribe({ server, topic }: Watched): void {
    // A connection that breaks takes its subscriptions with it.
    if (server?.news.isUp) server.news.request('sunsubscribe', () => [topic]).catch(() => undefined);
  }

  #hear(topic: Buffer, message: Buffer): void {
    const watched = this.#byTopic.get(topic.toString());
    if (watched) this.#announce(watched, decodeAnnouncement(message));
  }

  #announce(watched: Watched, { seq, epoch, ops }: Announcement): void {
    // The sequence of a shard that lost its end begins again below what was known.
    if (seq > 0) watched.seq = seq;
    for (const op of ops) {
      // Two connections may say the same for a moment.
      if (epoch === watched.epoch && op.offset <= watched.offset) continue;
      watched.epoch = epoch;
      watched.offset = op.offset;
      for (const watcher of watched.watchers) watcher.announce(epoch, op);
    }
  }
}
