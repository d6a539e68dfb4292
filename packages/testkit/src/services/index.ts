export { type Daemon, findFreePort, startDaemon } from './daemon.js';
export { type FreezableLink, startLink } from './freezable-link.js';
export { type RedisCluster, startRedisCluster } from './redis-cluster.js';
export { type RedisPair, startRedisPair } from './redis-pair.js';
export { type RedisSentinels, startRedisSentinels } from './redis-sentinels.js';
export { type RedisServer, startRedis } from './redis.js';
export { until } from './until.js';
