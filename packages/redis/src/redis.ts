import type { RedisStoreOptions } from './options.js';
import { RedisStore } from './redis-store.js';

/** A store over Redis 7 or newer, or Valkey. Connects by itself, and goes on trying. Throws `TypeError` that names an option which cannot be. */
export function redis(options: RedisStoreOptions = {}): RedisStore {
  return new RedisStore(options);
}
