import { expect, it } from 'vitest';
import type { LmdbStore } from './lmdb-store.js';
import { openStore } from './open-store.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const document = { count: Infinity, bytes: 1_000_000, ageMs: Infinity, whole: true } as const;
const log = { count: 100, bytes: 1_000_000, ageMs: Infinity };
const update = { payload: new Uint8Array([0, 1]) };

function openOne(): LmdbStore {
  return openStore({ path: temporaryFolder() }, { now: () => 1, steady: () => 1 });
}

/** Writes of several at once, so that the next ones are gathered. */
const writeTogether = (store: LmdbStore): Promise<unknown> =>
  Promise.all([1, 2, 3].map(() => store.append('document', update, document)));

it('updates that are gathered are stored in their order, with the others that come meanwhile', async () => {
  const store = openOne();
  await writeTogether(store);
  const results = await Promise.all([
    store.append('document', update, document),
    store.append('document', update, document),
    store.append('log', update, log),
    store.append('document', update, document),
  ]);
  expect(results.map(({ offset }) => offset)).toEqual([4, 5, 1, 6]);
  await store.close();
});

it('a store that is closed stores what it gathers', async () => {
  const store = openOne();
  await writeTogether(store);
  const last = store.append('document', update, document);
  // It waits for others by now.
  await new Promise((resolve) => setImmediate(resolve));
  await store.close();
  expect(await last).toMatchObject({ offset: 4, duplicate: false });
});
