import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Databases, closeDatabases, openDatabases } from './records/databases.js';
import { checkFile } from './files/check-file.js';
import { continueAll, identityOf, isCopy, syncDirectory } from './records/file-identity.js';
import { type ClockRecord, type StoreRecord, decodeJson, encodeJson } from './records/head.js';
import { clockKey, schemaVersion, storeKey } from './records/layout.js';
import { LmdbStore } from './lmdb-store.js';
import { openFilesOf } from './files/file-guard.js';
import { prepareDataFile, prepareLockFile } from './files/lock-file.js';
import { makeId } from './make-id.js';
import { type LmdbOptions, resolveOptions } from './options.js';
import { asSamePid, requireOwnPid } from './files/process-identity.js';
import type { StoreClock } from './records/store-clock.js';
import { StoreError, storeError } from './files/store-error.js';

/** Opens the store with a clock of the caller's. Throws `StoreError` when there is none to be had, and says why. */
export function openStore(given: LmdbOptions, clock: StoreClock): LmdbStore {
  const options = resolveOptions(given);
  const path = resolve(options.path);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    checkFile(path);
    requireOwnPid(path);
    prepareLockFile(path);
    prepareDataFile(path);
    const dbs = openDatabases(path, options.mapSize);
    try {
      prepare(dbs, path, clock.steady());
    } catch (error) {
      void closeDatabases(dbs);
      throw error;
    }
    return new LmdbStore(dbs, { ...options, path }, clock, openFilesOf(path));
  } catch (error) {
    throw storeError('The store cannot be opened at', path, asSamePid(error, path));
  }
}

/** Writes into a new file what it is, refuses one that it does not know, and sees to one that is a copy. */
function prepare(dbs: Databases, path: string, steady: number): void {
  const { transactions, meta } = dbs;
  if (!meta.get(storeKey)) {
    transactions.run(() => {
      if (!meta.get(storeKey)) begin(dbs, path, steady);
    });
    syncDirectory(path);
  }
  const { schema, file } = decodeJson<StoreRecord>(meta.get(storeKey)!);
  if (schema !== schemaVersion) {
    throw new StoreError(
      `The store at ${path} has layout ${schema}, and this version of @longwave/lmdb knows ${schemaVersion} only. ` +
        'Install the version that wrote it, or choose another path.',
    );
  }
  if (!isCopy(file, identityOf(path))) return;
  transactions.run(() => {
    const record = decodeJson<StoreRecord>(meta.get(storeKey)!);
    const identity = identityOf(path);
    if (isCopy(record.file, identity)) continueAll(dbs, record, identity);
  });
}

function begin({ meta }: Databases, path: string, steady: number): void {
  const record: StoreRecord = { schema: schemaVersion, epoch: makeId(), file: identityOf(path) };
  const clock: ClockRecord = {
    commit: 0,
    journalFloor: 0,
    journalBytes: 0,
    channels: 0,
    lastChannel: 0,
    leaseMs: 0,
    lookedAt: steady,
  };
  meta.putSync(storeKey, encodeJson(record));
  meta.putSync(clockKey, encodeJson(clock));
}
