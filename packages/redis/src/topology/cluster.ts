import { Redis } from 'ioredis';
import { UnavailableError } from '../links/request.js';
import { Server } from '../links/server.js';
import type { Address, ResolvedOptions } from '../options.js';
import { reasonOf } from '../options.js';
import { slotOf } from './hash-slot.js';
import { Readiness } from './readiness.js';
import { type SlotRange, fetchSlots, reachable } from './slot-map.js';
import type { Topology, TopologyEvents } from './topology.js';

/** Between two questions who has which slots. */
const refreshMs = 250;

const maxHomeless = 100_000;

/** A call whose shard has no server that is known. */
interface Homeless {
  readonly shard: number;
  readonly use: (server: Server) => void;
  readonly fail: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** The masters of a Cluster. It asks for the owners of slots when something says that they changed. */
export class ClusterTopology implements Topology {
  readonly #options: ResolvedOptions;
  readonly #events: TopologyEvents;
  readonly #seeds: readonly Address[];
  readonly #slots: readonly number[];
  readonly #servers = new Map<string, Server>();
  #owners: readonly (Server | undefined)[] = [];
  readonly #homeless = new Set<Homeless>();
  readonly #readiness = new Readiness();
  #known: Address[] = [];
  #isDoubted = false;
  #timer: NodeJS.Timeout | undefined;
  #isRefreshing = false;
  #isClosed = false;

  constructor(options: ResolvedOptions, events: TopologyEvents) {
    this.#options = options;
    this.#events = events;
    this.#seeds = options.target.cluster ?? [];
    this.#slots = Array.from({ length: options.shards }, (_, shard) => slotOf(`${options.prefix}${shard}`));
    void this.#refresh();
  }

  serverOf(shard: number): Server | undefined {
    return this.#owners[shard];
  }

  locate(shard: number, use: (server: Server) => void, fail: (error: Error) => void): void {
    const server = this.#owners[shard];
    if (server) return use(server);
    if (this.#isClosed || this.#homeless.size >= maxHomeless) {
      return fail(
        new UnavailableError(this.#isClosed ? 'The store was closed.' : 'Too many calls wait for the Cluster.'),
      );
    }
    const { commandTimeoutMs } = this.#options;
    const timer = setTimeout(() => {
      this.#homeless.delete(homeless);
      fail(new UnavailableError(`No master of the Cluster was found within ${commandTimeoutMs} ms. Try again.`));
    }, commandTimeoutMs);
    const homeless: Homeless = { shard, use, fail, timer };
    this.#homeless.add(homeless);
    this.doubt();
  }

  servers(): Iterable<Server> {
    return this.#servers.values();
  }

  doubt(): void {
    this.#isDoubted = true;
    if (this.#isRefreshing || this.#isClosed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#refresh();
    }, refreshMs);
  }

  ready(): Promise<void> {
    return this.#readiness.wait();
  }

  async check(): Promise<void> {
    const shard = this.#owners.length === 0 ? 0 : this.#owners.indexOf(undefined);
    if (shard >= 0) throw new UnavailableError(`No master of the Cluster is known for shard ${shard}.`);
    await Promise.all(Array.from(this.#servers.values(), (server) => server.check()));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const server of this.#servers.values()) server.close();
    this.#owners = [];
    const closed = new UnavailableError('The store was closed.');
    for (const { timer, fail } of this.#homeless) {
      clearTimeout(timer);
      fail(closed);
    }
    this.#homeless.clear();
    this.#readiness.fail(closed);
  }

  async #refresh(): Promise<void> {
    this.#isRefreshing = true;
    this.#isDoubted = false;
    const { client, commandTimeoutMs, logger } = this.#options;
    const asked = [...this.#known, ...this.#seeds];
    let failure: unknown;
    for (const address of asked) {
      try {
        const ranges = await fetchSlots(address, client, commandTimeoutMs / 2);
        if (this.#isClosed) return;
        this.#take(ranges);
        failure = undefined;
        break;
      } catch (error) {
        failure = error;
      }
      if (this.#isClosed) return;
    }
    // Another one next time: one that is cut off from the others knows only how it was.
    const [first, ...others] = this.#known;
    if (first) this.#known = [...others, first];
    if (failure !== undefined && this.#servers.size === 0) {
      logger.error('No node of the Redis Cluster answers; trying on.', reasonOf(failure));
    }
    this.#isRefreshing = false;
    if (this.#isDoubted || failure !== undefined || this.#owners.includes(undefined)) this.doubt();
  }

  #take(ranges: readonly SlotRange[]): void {
    const owners = this.#slots.map((slot) => {
      const range = ranges.find(({ first, last }) => first <= slot && slot <= last);
      return range && this.#serverAt(range.address);
    });
    const hasMoved = this.#owners.length > 0 && owners.some((server, shard) => server !== this.#owners[shard]);
    this.#owners = owners;
    this.#known = ranges.map(({ address }) => address);
    for (const [name, server] of this.#servers) {
      if (owners.includes(server)) continue;
      this.#servers.delete(name);
      server.close();
    }
    for (const homeless of this.#homeless) {
      const server = owners[homeless.shard];
      if (!server) continue;
      this.#homeless.delete(homeless);
      clearTimeout(homeless.timer);
      homeless.use(server);
    }
    if (hasMoved) this.#events.onMoved();
  }

  #serverAt(address: Address): Server {
    const { host, port } = reachable(address, this.#options.client);
    const name = `Redis ${host}:${port}`;
    const found = this.#servers.get(name);
    if (found) return found;
    const server: Server = new Server(name, (options) => new Redis({ ...options, host, port }), this.#options, {
      onNews: (redis) => this.#events.onNews(server, redis),
      onUp: () => this.#hearUp(),
      onDown: (error) => {
        this.#readiness.hear(error);
        this.doubt();
      },
    });
    this.#servers.set(name, server);
    return server;
  }

  #hearUp(): void {
    const owners = new Set(this.#owners);
    if (![...owners].every((server) => server?.isUp)) return;
    this.#readiness.succeed();
  }
}
