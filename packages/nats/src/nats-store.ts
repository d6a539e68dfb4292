import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { type Durability, LongwaveError } from '@longwave/protocol';
import {
  type Appended,
  type Bounds,
  type Compaction,
  type Keep,
  LeaseClock,
  type NewOperation,
  type ReadQuery,
  type Store,
  type StoredPage,
  type Watcher,
} from '@longwave/core';
import { type Agreed, agree, isStreamNotFound, readSettled, wantedMeta } from './streams/agreement.js';
import type { Channel } from './channel.js';
import { Connection, type Link } from './links/connection.js';
import { Deadline, delay, reasonOf } from './links/deadline.js';
import { LeaseChannels } from './lease-channels.js';
import { type Names, channelOf, createNames, hash } from './names.js';
import { orUnavailable } from './links/or-unavailable.js';
import { NatsRelay } from './nats-relay.js';
import type { Settings } from './options.js';
import { requireRights } from './links/rights.js';
import { Shard } from './shard.js';
import { faultOf, identityOf, levelOf, lowestOf } from './streams/stream-config.js';
import { Semaphore } from './links/semaphore.js';
import { WaitingBytes } from './links/waiting-bytes.js';

/** Channels that a node begins to see to at once. */
const maxTakenOver = 200;
/** Channels that a node reads at a time: each of few is read before its time is over. */
const maxLoads = 16;
/** A channel whose entries have no end any more is looked after for so long. */
const forgetLeasesMs = 60_000;
const sweepMs = 10_000;
const checkCacheEvery = 1000;
const tellEveryMs = 5000;
/** How often the streams are looked at, beside when the servers tell that one was edited. */
const inspectEveryMs = 2000;
/** A node that goes waits so long for what it leaves to others. */
const keepMs = 500;
/** Most bytes of a channel's name. A line of the protocol may have 4,096 bytes, and names are written as base64. */
const maxNameBytes = 2700;

export class NatsStore implements Store {
  readonly announcements = 'reliable';
  readonly #settings: Settings;
  readonly #names: Names;
  readonly #clock: LeaseClock;
  readonly #connection: Connection;
  readonly relay: NatsRelay;
  readonly #shards: readonly Shard[];
  readonly #leases: LeaseChannels;
  readonly #used = new Map<Channel, number>();
  readonly #withoutLeases = new Map<string, number>();
  #number = 0;
  #uses = 0;
  #closed = false;
  #toldAt = -Infinity;
  #agreed: Agreed | undefined;
  #metaLevel: Durability = 'memory';
  #inspecting: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#names = createNames(settings.prefix);
    this.#clock = new LeaseClock(settings.clock);
    const node = settings.makeId();
    const waiting = new WaitingBytes(settings.maxWaitingBytes);
    const host = {
      ...{ names: this.#names, node, writer: node, timeoutMs: settings.timeoutMs },
      checkpointBytes: settings.checkpointBytes,
      loads: new Semaphore(maxLoads),
      link: () => this.#connection.link,
      nextNumber: () => ++this.#number,
      now: () => settings.clock.now(),
      elapsed: () => this.#clock.now(),
      newId: () => settings.makeId(),
      reach: (deadline: Deadline) => this.#connection.reach(deadline),
      isSynced: () => this.#isSynced,
      requireAgreement: (link: Link, agreement: string) => this.#requireAgreement(link, agreement),
      refresh: (why = 'the streams are not what they were') => this.#connection.refresh(why),
      guardLeases: (channel: string, deadline: Deadline) => this.#leases.guard(channel, deadline),
      seenLeases: (subject: string) => this.#seenLeases(channelOf(subject)),
      hold: (bytes: number) => waiting.hold(bytes),
      release: (bytes: number) => waiting.release(bytes),
      failed: (message: string, cause: unknown) => this.#tell(message, cause),
      lost: (message: string) => settings.logger.error(message),
    };
    this.#leases = new LeaseChannels(host);
    this.#shards = Array.from({ length: settings.shards }, (_, index) => new Shard(index, host));
    this.#connection = new Connection(settings, {
      up: async (link) => {
        await requireRights(link, this.#names, settings.shards);
        const agreed = await agree(link, this.#names, settings, this.#agreed === undefined);
        this.#agreed = agreed;
        this.#metaLevel = levelOf(agreed.meta, this.#isSynced);
        await Promise.all([this.#leases.resume(link), ...this.#shards.map((shard) => shard.resume(link, agreed))]);
      },
      edited: () => void this.#inspect(),
    });
    this.relay = new NatsRelay(this.#connection, this.#names, () => this.#deadline());
    this.#timer = setInterval(() => void this.#inspect(), inspectEveryMs).unref();
  }

  /**
   * The failure that an operation acknowledged now survives: it follows from the configuration and the servers of its
   * stream and of the checkpoints.
   */
  get durability(): Durability {
    return lowestOf([this.#metaLevel, ...this.#shards.map(({ level }) => level)]);
  }

  append(channel: string, operation: NewOperation, keep: Keep): Promise<Appended> {
    return orUnavailable(async () => this.#channel(channel).queue.append(operation, keep));
  }

  compact(channel: string, compaction: Compaction): Promise<boolean> {
    return orUnavailable(async () => this.#channel(channel).compact(compaction));
  }

  read(channel: string, query: ReadQuery): Promise<StoredPage> {
    return orUnavailable(async () => {
      const model = await this.#channel(channel).current(this.#deadline());
      return model.read(query, this.#settings.clock.now());
    });
  }

  bounds(channel: string): Promise<Bounds> {
    return orUnavailable(async () => {
      const model = await this.#channel(channel).current(this.#deadline());
      return model.bounds(this.#settings.clock.now());
    });
  }

  watch(channel: string, watcher: Watcher): Promise<() => void> {
    return orUnavailable(async () => {
      const watched = this.#channel(channel);
      watched.watchers.add(watcher);
      try {
        await watched.load(this.#deadline());
      } catch (error) {
        watched.watchers.delete(watcher);
        throw error;
      }
      return () => void watched.watchers.delete(watcher);
    });
  }

  expire(): Promise<void> {
    return orUnavailable(() => this.#expire());
  }

  async #expire(): Promise<void> {
    const { link } = this.#connection;
    if (!link || this.#closed) return;
    this.#leases.beat(link);
    this.#trimCache();
    const over = [...this.#used.keys()].filter((channel) => channel.leasesAreOver);
    const [expired] = await Promise.allSettled([
      Promise.all(over.map((channel) => channel.queue.expire())),
      this.#keepLeases(link).catch((error: unknown) => this.#tell(`NATS does not tidy up: ${reasonOf(error)}`, error)),
    ]);
    if (expired.status === 'rejected') throw expired.reason;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    const { link } = this.#connection;
    if (link) {
      const kept = Promise.allSettled(this.#shards.map((shard) => shard.keepCount(link)));
      await Promise.race([kept, delay(keepMs)]);
    }
    for (const shard of this.#shards) shard.close();
    this.#leases.close();
    await this.#connection.close();
  }

  /** A server before 2.10 cannot be told to sync what it acknowledges. */
  get #isSynced(): boolean {
    return this.#settings.synced && this.#connection.serverIsFrom(2, 10);
  }

  /** One at a time; what is done to the streams meanwhile is seen by the next one. */
  #inspect(): Promise<void> {
    const { link } = this.#connection;
    if (!link || this.#closed) return Promise.resolve();
    return (this.#inspecting ??= this.#look(link)
      .catch((error: unknown) => {
        // An outage is told by the connection.
        if (isStreamNotFound(error)) this.#connection.refresh('a stream was deleted');
      })
      .finally(() => (this.#inspecting = undefined)));
  }

  async #look(link: Link): Promise<void> {
    const { id, meta: known } = this.#agreed!;
    const meta = await link.jsm.streams.info(this.#names.meta);
    this.#metaLevel = levelOf(meta, this.#isSynced);
    const fault = faultOf(meta.config, wantedMeta(this.#names));
    if (fault !== undefined) return this.#connection.refresh(fault);
    if (
      identityOf(meta) !== identityOf(known) ||
      (await readSettled(link, this.#names, meta.config.num_replicas))?.id !== id
    )
      return this.#connection.refresh(`the stream ${this.#names.meta} is not what it was`);
    await Promise.all(this.#shards.map((shard) => shard.inspect(link)));
  }

  async #requireAgreement(link: Link, agreement: string): Promise<void> {
    if ((await readSettled(link, this.#names, this.#settings.replicas))?.id === agreement) return;
    this.#connection.refresh(`the stream ${this.#names.meta} is not what it was`);
    throw new Error('the deployment is another one by now');
  }

  /** An outage is told by the connection, once. */
  #tell(message: string, cause: unknown): void {
    if (!this.#connection.link || performance.now() - this.#toldAt < tellEveryMs) return;
    this.#toldAt = performance.now();
    this.#settings.logger.error(message, cause);
  }

  #deadline(): Deadline {
    return new Deadline(this.#settings.timeoutMs);
  }

  #channel(name: string): Channel {
    if (this.#closed) throw new Error('The store was closed.');
    // Longer ones make subjects for which a server ends the connection, and with it what all others do.
    if (name.length > maxNameBytes / 3 && Buffer.byteLength(name) > maxNameBytes)
      throw new LongwaveError('too-large', `The name of a channel may take ${maxNameBytes} bytes in this store.`);
    if (++this.#uses % checkCacheEvery === 0) this.#trimCache();
    const channel = this.#shardOf(name).channel(name);
    this.#used.set(channel, this.#uses);
    return channel;
  }

  #shardOf(channel: string): Shard {
    return this.#shards[hash(channel) % this.#shards.length]!;
  }

  #seenLeases(channel: string): void {
    if (this.#leases.isOurs(channel)) void this.#takeOver(channel);
  }

  async #takeOver(channel: string): Promise<void> {
    await this.#channel(channel)
      .load(this.#deadline())
      .catch(() => undefined);
  }

  async #keepLeases(link: Link): Promise<void> {
    const now = this.#clock.now();
    const missing: string[] = [];
    for (const name of this.#withoutLeases.keys()) if (!this.#leases.isOurs(name)) this.#withoutLeases.delete(name);
    for (const name of this.#leases.ours) {
      const channel = this.#shardOf(name).find(name);
      if (!channel?.isLive) {
        if (missing.length < maxTakenOver) missing.push(name);
      } else if (channel.hasLeases) this.#withoutLeases.delete(name);
      else {
        const since = this.#withoutLeases.get(name);
        if (since === undefined) this.#withoutLeases.set(name, now);
        else if (now - since > forgetLeasesMs) {
          this.#withoutLeases.delete(name);
          await this.#leases.remove(link, name);
        }
      }
    }
    for (const channel of this.#used.keys()) {
      if (channel.hasLeases && !this.#leases.has(channel.name))
        await this.#leases.guard(channel.name, this.#deadline());
    }
    await Promise.all(missing.map((name) => this.#takeOver(name)));
    await this.#leases.sweep(link, sweepMs);
    for (const shard of this.#shards) await shard.purge(link);
  }

  /** Drops what nobody watches and was not used for the longest time, as far as there is too much. */
  #trimCache(): void {
    let bytes = 0;
    for (const channel of this.#used.keys()) bytes += channel.bytes;
    if (bytes <= this.#settings.cacheBytes) return;
    for (const [channel] of [...this.#used].toSorted(([, a], [, b]) => a - b)) {
      if (bytes <= this.#settings.cacheBytes) return;
      if (!channel.idle || (channel.hasLeases && this.#leases.isOurs(channel.name))) continue;
      bytes -= channel.bytes;
      this.#used.delete(channel);
      this.#shardOf(channel.name).drop(channel);
    }
  }
}
