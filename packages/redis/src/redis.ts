import type { RedisStoreOptions } from './options.js';
import { RedisStore } from './redis-store.js';

/**
 * Creates a store on Redis 7 or newer, or Valkey: one server, Sentinel or Cluster. It connects in the background and
 * retries until it is closed. Throws `TypeError` that names an unknown or invalid option.
 * @example
 * ```ts
 * const server = createServer({ channels, store: redis({ url: 'redis://localhost:6379' }) });
 * ```
 */
export function redis(options: RedisStoreOptions = {}): RedisStore {
  return new RedisStore(options);
}
