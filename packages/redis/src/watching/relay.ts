import { Buffer } from 'node:buffer';
import { type Relay, RelayListeners, requireRelayable } from '@longwave/core';
import type { Redis } from 'ioredis';
import { relayKey, shardOf } from '../keys.js';
import { UnavailableError } from '../links/request.js';
import type { Server } from '../links/server.js';
import { type ResolvedOptions, reasonOf } from '../options.js';
import type { Topology } from '../topology/topology.js';

/** Messages between nodes by `SPUBLISH`: Redis stores none of them. A topic is with the server of one shard. */
export class RedisRelay implements Relay {
  readonly #topology: Topology;
  readonly #options: ResolvedOptions;
  /** By the name in Redis. */
  readonly #listeners = new RelayListeners();
  readonly #shards = new Map<string, number>();
  readonly #servers = new Map<string, Server>();

  constructor(topology: Topology, options: ResolvedOptions) {
    this.#topology = topology;
    this.#options = options;
  }

  send(topic: string, data: Uint8Array): void {
    requireRelayable(data);
    const { shard, name } = this.#place(topic);
    const server = this.#topology.serverOf(shard);
    // It would be too late when Redis is back.
    if (!server?.appends.isUp) return;
    const message = Buffer.from(data.buffer, data.byteOffset, data.length);
    server.appends
      .request('SPUBLISH', () => [name, message], data.length)
      .catch((error: unknown) => {
        if (/^(?:MOVED|CLUSTERDOWN)/.test(reasonOf(error))) this.#topology.doubt();
      });
  }

  async listen(topic: string, hear: (data: Uint8Array) => void): Promise<() => void> {
    const { shard, name } = this.#place(topic);
    const end = this.#listeners.add(name, hear);
    const stop = (): void => {
      if (end()) this.#unsubscribe(name);
    };
    if (this.#shards.has(name)) return stop;
    this.#shards.set(name, shard);
    try {
      await this.#subscribe(name, shard);
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Listens again over the new connection of a server. */
  async restore(server: Server, redis: Redis): Promise<void> {
    redis.on('smessageBuffer', (name: Buffer, message: Buffer) => this.#listeners.tell(name.toString(), message));
    for (const [name, shard] of this.#shards) {
      if (this.#topology.serverOf(shard) !== server) continue;
      this.#servers.set(name, server);
      await redis.ssubscribe(name);
    }
  }

  /** Follows the shards that another server has now. */
  mend(): void {
    for (const [name, shard] of this.#shards) {
      if (this.#topology.serverOf(shard) === this.#servers.get(name)) continue;
      this.#subscribe(name, shard).catch(() => this.#topology.doubt());
    }
  }

  close(): void {
    this.#listeners.clear();
    this.#shards.clear();
  }

  #place(topic: string): { readonly shard: number; readonly name: string } {
    const shard = shardOf(topic, this.#options.shards);
    return { shard, name: relayKey(this.#options.prefix, shard, topic) };
  }

  #subscribe(name: string, shard: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(new UnavailableError(`${name} cannot be listened to: ${reasonOf(error)}`, { cause: error }));
      this.#topology.locate(
        shard,
        (server) => {
          this.#servers.set(name, server);
          server.news.request('ssubscribe', () => [name]).then(() => resolve(), fail);
        },
        fail,
      );
    });
  }

  #unsubscribe(name: string): void {
    const server = this.#servers.get(name);
    this.#shards.delete(name);
    this.#servers.delete(name);
    // A connection that breaks takes its subscriptions with it.
    if (server?.news.isUp) server.news.request('sunsubscribe', () => [name]).catch(() => undefined);
  }
}
