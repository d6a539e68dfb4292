import { startLmdbStore } from './lmdb.js';
import { startMemory } from './memory.js';
import { startNatsStore } from './nats.js';
import { startRedisClusterStore } from './redis-cluster.js';
import { startRedisFailover } from './redis-failover.js';
import { startRedisStore } from './redis.js';
import type { StoreService } from './store-service.js';

export const storeNames = ['memory', 'lmdb', 'redis', 'redis-failover', 'redis-cluster', 'nats'] as const;
export type StoreName = (typeof storeNames)[number];

/** How each is started. */
export const stores: Readonly<Record<StoreName, () => Promise<StoreService>>> = {
  memory: startMemory,
  lmdb: startLmdbStore,
  redis: startRedisStore,
  'redis-failover': startRedisFailover,
  'redis-cluster': startRedisClusterStore,
  nats: startNatsStore,
};
