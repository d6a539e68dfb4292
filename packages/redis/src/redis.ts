import type { RedisStoreOptions } from './options.js';
import { RedisStore } from './redis-store.js';

/** A store over Redis 7 or newer, or Valkey. Connects by itself, and goes on trying. Throws `invalid-data` for options that cannot be. */
export function redis(options: RedisStoreOptions = {}): RedisStore {
  return new RedisStore(options);
}
