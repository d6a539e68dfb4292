export type { Address, RedisClientOptions, RedisStoreOptions, RedisTarget } from './options.js';
export { redis } from './redis.js';
export type { RedisStore } from './redis-store.js';
