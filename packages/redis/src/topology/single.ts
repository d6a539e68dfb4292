import { UnavailableError } from '../links/request.js';
import { Server, openMaster } from '../links/server.js';
import type { ResolvedOptions } from '../options.js';
import { Readiness } from './readiness.js';
import type { Topology, TopologyEvents } from './topology.js';

/** One master has all shards: of a URL, or the one that Sentinels name. */
export class Single implements Topology {
  readonly #server: Server;
  readonly #readiness = new Readiness();

  constructor(options: ResolvedOptions, events: TopologyEvents) {
    const { name, open } = openMaster(options);
    this.#server = new Server(name, open, options, {
      onNews: (redis) => events.onNews(this.#server, redis),
      onUp: () => this.#readiness.succeed(),
      onDown: (error) => this.#readiness.hear(error),
    });
  }

  serverOf(): Server {
    return this.#server;
  }

  locate(_shard: number, use: (server: Server) => void): void {
    use(this.#server);
  }

  servers(): Iterable<Server> {
    return [this.#server];
  }

  doubt(): void {
    // Each link finds out by itself, with its next connection.
  }

  ready(): Promise<void> {
    return this.#readiness.wait();
  }

  check(): Promise<void> {
    return this.#server.check();
  }

  close(): void {
    this.#server.close();
    this.#readiness.fail(new UnavailableError('The store was closed.'));
  }
}
