import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Databases, openDatabases } from './databases.js';
import { checkFile } from './check-file.js';
import { type ClockRecord, type StoreRecord, decodeJson, encodeJson } from './head.js';
import { clockKey, schemaVersion, storeKey } from './layout.js';
import { LmdbStore } from './lmdb-store.js';
import { prepareLockFile } from './lock-file.js';
import { makeId } from './make-id.js';
import { type LmdbOptions, resolveOptions } from './options.js';
import { StoreError, storeError } from './store-error.js';

/** Opens the store with a clock of the caller's. Throws `StoreError` when there is none to be had, and says why. */
export function openStore(given: LmdbOptions, now: () => number): LmdbStore {
  const options = resolveOptions(given);
  const path = resolve(options.path);
  try {
    mkdirSync(path, { recursive: true });
    checkFile(path);
    prepareLockFile(path);
    const dbs = openDatabases(path, options.mapSize);
    try {
      prepare(dbs, path, now());
    } catch (error) {
      void dbs.root.close();
      throw error;
    }
    return new LmdbStore(dbs, { ...options, path }, now);
  } catch (error) {
    throw storeError('The store cannot be opened at', path, error);
  }
}

/** Writes into a new file what it is, and refuses one that it does not know. */
function prepare(dbs: Databases, path: string, now: number): void {
  const { root, meta } = dbs;
  const known = meta.get(storeKey);
  if (!known) {
    root.transactionSync(() => {
      if (meta.get(storeKey)) return;
      const record: StoreRecord = { schema: schemaVersion, epoch: makeId() };
      const clock: ClockRecord = {
        commit: 0,
        journalFloor: 0,
        journalBytes: 0,
        channels: 0,
        lastChannel: 0,
        leaseMs: 0,
        lookedAt: now,
      };
      meta.putSync(storeKey, encodeJson(record));
      meta.putSync(clockKey, encodeJson(clock));
    });
  }
  root.resetReadTxn();
  const { schema } = decodeJson<StoreRecord>(meta.get(storeKey)!);
  if (schema === schemaVersion) return;
  throw new StoreError(
    `The store at ${path} has layout ${schema}, and this version of @longwave/lmdb knows up to ${schemaVersion}. ` +
      'Install the version that wrote it, or choose another path.',
  );
}
