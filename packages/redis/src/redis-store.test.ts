import { documentContract, producerContract, storeContract } from '@longwave/testkit/contracts';
import { type RedisServer, startRedis } from '@longwave/testkit/services';
import { afterAll, beforeAll } from 'vitest';
import { channelKeys, shardOf } from './keys.js';
import { redis } from './redis.js';

let server: RedisServer;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

storeContract('RedisStore', async () => {
  const options = { url: server.url, prefix: `test-${++count}:`, shards: 16 };
  const store = redis(options);
  await store.ready();
  /** As an operator does, or a server that may evict. */
  const forget = async (channel: string): Promise<void> => {
    const keys = channelKeys(options.prefix, shardOf(channel, options.shards), channel);
    const { shard: _shard, changes: _changes, leases: _leases, forgotten: _forgotten, ...own } = keys;
    await server.command('DEL', ...Object.values(own));
  };
  return { store, other: redis(options), forget };
});

producerContract('RedisStore', async (maxProducers) => {
  const options = { url: server.url, prefix: `test-${++count}:`, maxProducers };
  const store = redis(options);
  await store.ready();
  return { store, other: redis(options) };
});

documentContract('RedisStore', async () => {
  const options = { url: server.url, prefix: `test-${++count}:`, shards: 16 };
  const store = redis(options);
  await store.ready();
  return { store, other: redis(options) };
});
