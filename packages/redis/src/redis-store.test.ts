import { storeContract } from '@longwave/testkit/contracts';
import { type RedisServer, startRedis } from '@longwave/testkit/services';
import { afterAll, beforeAll } from 'vitest';
import { redis } from './redis.js';

let server: RedisServer;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

storeContract('RedisStore', async () => {
  const options = { url: server.url, prefix: `test-${++count}:` };
  const store = redis(options);
  await store.ready();
  return { store, other: redis(options) };
});
