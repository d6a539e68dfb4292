import { documentContract, storeContract } from '@longwave/testkit/contracts';
import { type RedisCluster, startRedisCluster } from '@longwave/testkit/services';
import { afterAll, beforeAll } from 'vitest';
import { redis } from './redis.js';

let cluster: RedisCluster;
let count = 0;
beforeAll(async () => {
  cluster = await startRedisCluster(3);
}, 60_000);
afterAll(() => cluster.stop());

async function open() {
  const options = { cluster: cluster.addresses.slice(0, 1), prefix: `test-${++count}:` };
  const store = redis(options);
  await store.ready();
  return { store, other: redis(options) };
}

storeContract('RedisStore on a Cluster', open);
documentContract('RedisStore on a Cluster', open);
