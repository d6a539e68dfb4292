import type { Redis } from 'ioredis';
import type { Server } from '../links/server.js';

/** Which server has which shard. */
export interface Topology {
  /** Undefined: not known yet. */
  serverOf(shard: number): Server | undefined;
  /** Calls back with the server, at once or when it is known, in the order of the calls. */
  locate(shard: number, use: (server: Server) => void, fail: (error: Error) => void): void;
  servers(): Iterable<Server>;
  /** A server said that it has not what was asked for, or cannot be reached. */
  doubt(): void;
  /** Resolves when all servers can be used; rejects when one cannot as it is set up. */
  ready(): Promise<void>;
  /** Rejects unless each shard has a server, and all of these answer. */
  check(): Promise<void>;
  close(): void;
}

export interface TopologyEvents {
  /** A connection for announcements of this server stands anew, with no subscriptions. */
  onNews(server: Server, redis: Redis): Promise<void>;
  /** Shards are with other servers than before. */
  onMoved(): void;
}
