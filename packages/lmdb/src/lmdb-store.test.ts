import { documentContract, producerContract, storeContract } from '@longwave/testkit/contracts';
import { afterAll, beforeAll } from 'vitest';
import type { LmdbStore } from './lmdb-store.js';
import { openStore } from './open-store.js';
import { shareStores } from './testing/shared-stores.js';
import { StoreProcess } from './testing/store-process.js';
import { makeFolder } from './testing/temporary-folder.js';

const forgetAfterMs = 60_000;

let neighbour: StoreProcess;
beforeAll(async () => {
  neighbour = await StoreProcess.start();
});
afterAll(() => neighbour.end());
// Closes its stores before the neighbour ends.
const share = shareStores();

/** A sweep begins with one call of many, and is through when what is stored behind it is. */
async function sweep(store: LmdbStore): Promise<void> {
  for (let i = 0; i < 60; i++) await store.expire();
  await store.append('sweep', { key: 'x', payload: '', kind: 'touch' }, { keys: 1, bytes: 1, removals: 1 });
}

/** A store whose clock stands still until a test lets it go on. */
function openStopped() {
  const { folder, remove } = makeFolder();
  let now = 1_000_000;
  const store = openStore({ path: folder, forgetAfter: forgetAfterMs }, { now: () => now, steady: () => now });
  const advance = (byMs: number): void => void (now += byMs);
  const forget = async (): Promise<void> => {
    advance(forgetAfterMs + 1);
    await sweep(store);
  };
  return { folder, store, advance, forget, close: remove };
}

storeContract('lmdb', share('one process', openStopped));
documentContract('lmdb', share('one process', openStopped));
producerContract('lmdb', (maxProducers) =>
  share(`${maxProducers} producers`, () => {
    const { folder, remove } = makeFolder();
    const store = openStore({ path: folder, maxProducers }, { now: () => 1, steady: () => 1 });
    return { store, close: remove };
  })(),
);

const openTwice = share('two processes', async () => {
  const fixture = openStopped();
  const other = await neighbour.open({ path: fixture.folder, forgetAfter: forgetAfterMs }, 1_000_000);
  return {
    ...fixture,
    other,
    async advance(byMs) {
      fixture.advance(byMs);
      await other.advance(byMs);
    },
  };
});
storeContract('lmdb of two processes', openTwice);
documentContract('lmdb of two processes', openTwice);
