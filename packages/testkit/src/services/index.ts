export { type Daemon, findFreePort, startDaemon } from './daemon.js';
export { type RedisServer, runRedisCli, startRedis } from './redis.js';
