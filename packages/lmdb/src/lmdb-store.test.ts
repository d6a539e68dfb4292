import { storeContract } from '@longwave/testkit/contracts';
import { afterAll, beforeAll } from 'vitest';
import { openStore } from './open-store.js';
import { StoreProcess } from './testing/store-process.js';
import { makeFolder } from './testing/temporary-folder.js';

storeContract('lmdb', () => {
  const { folder, remove } = makeFolder();
  let now = 1_000_000;
  return {
    store: openStore({ path: folder }, { now: () => now, steady: () => now }),
    advance: (byMs) => void (now += byMs),
    close: remove,
  };
});

let neighbour: StoreProcess;
beforeAll(async () => {
  neighbour = await StoreProcess.start();
});
afterAll(() => neighbour.end());

storeContract('lmdb of two processes', async () => {
  const { folder, remove } = makeFolder();
  let now = 1_000_000;
  const store = openStore({ path: folder }, { now: () => now, steady: () => now });
  const other = await neighbour.open({ path: folder }, now);
  return {
    store,
    other,
    async advance(byMs) {
      now += byMs;
      await other.advance(byMs);
    },
    close: remove,
  };
});
