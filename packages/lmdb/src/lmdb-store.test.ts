import { documentContract, producerContract, storeContract } from '@longwave/testkit/contracts';
import { afterAll, beforeAll } from 'vitest';
import type { LmdbStore } from './lmdb-store.js';
import { openStore } from './open-store.js';
import { StoreProcess } from './testing/store-process.js';
import { makeFolder } from './testing/temporary-folder.js';

const forgetAfterMs = 60_000;

/** A sweep begins with one call of many, and is through when what is stored behind it is. */
async function sweep(store: LmdbStore): Promise<void> {
  for (let i = 0; i < 60; i++) await store.expire();
  await store.append('sweep', { key: 'x', payload: '', kind: 'touch' }, { keys: 1, bytes: 1, removals: 1 });
}

storeContract('lmdb', () => {
  const { folder, remove } = makeFolder();
  let now = 1_000_000;
  const store = openStore({ path: folder, forgetAfter: forgetAfterMs }, { now: () => now, steady: () => now });
  return {
    store,
    advance: (byMs) => void (now += byMs),
    async forget() {
      now += forgetAfterMs + 1;
      await sweep(store);
    },
    close: remove,
  };
});

documentContract('lmdb', () => {
  const { folder, remove } = makeFolder();
  return { store: openStore({ path: folder }, { now: () => 1, steady: () => 1 }), close: remove };
});

producerContract('lmdb', (maxProducers) => {
  const { folder, remove } = makeFolder();
  const store = openStore({ path: folder, maxProducers }, { now: () => 1, steady: () => 1 });
  return { store, close: remove };
});

let neighbour: StoreProcess;
beforeAll(async () => {
  neighbour = await StoreProcess.start();
});
afterAll(() => neighbour.end());

storeContract('lmdb of two processes', async () => {
  const { folder, remove } = makeFolder();
  let now = 1_000_000;
  const store = openStore({ path: folder, forgetAfter: forgetAfterMs }, { now: () => now, steady: () => now });
  const other = await neighbour.open({ path: folder, forgetAfter: forgetAfterMs }, now);
  return {
    store,
    other,
    async advance(byMs) {
      now += byMs;
      await other.advance(byMs);
    },
    async forget() {
      now += forgetAfterMs + 1;
      await sweep(store);
    },
    close: remove,
  };
});

documentContract('lmdb of two processes', async () => {
  const { folder, remove } = makeFolder();
  const store = openStore({ path: folder }, { now: () => 1, steady: () => 1 });
  return { store, other: await neighbour.open({ path: folder }, 1), close: remove };
});
