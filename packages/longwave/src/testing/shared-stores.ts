import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lmdb } from '@longwave/lmdb';
import { nats } from '@longwave/nats';
import { memory } from '@longwave/node';
import { redis } from '@longwave/redis';
import type { Store } from '@longwave/core';
import { startNats, startRedis } from '@longwave/testkit/services';
import { onTestFinished } from 'vitest';

const quiet = { error: () => undefined, info: () => undefined };

/** Makes the stores of several nodes, one after the other, that share what is stored. */
export const sharedStores: Readonly<Record<string, () => Promise<() => Store> | (() => Store)>> = {
  memory: () => {
    const shared = memory();
    const one: Store = Object.assign(Object.create(shared) as Store, {
      append: shared.append.bind(shared),
      read: shared.read.bind(shared),
      bounds: shared.bounds.bind(shared),
      watch: shared.watch.bind(shared),
      expire: shared.expire.bind(shared),
      close: () => undefined,
    });
    return () => one;
  },
  lmdb: () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'longwave-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return () => lmdb({ path: path.join(folder, 'store') });
  },
  redis: async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    return () => redis({ url: server.url, logger: quiet });
  },
  nats: async () => {
    const server = await startNats();
    onTestFinished(() => server.stop());
    return () => nats({ servers: server.url, shards: 2, logger: quiet });
  },
};
