import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { continueEpoch } from '@longwave/protocol';
import type { Databases } from './databases.js';
import { continueForgotten } from './forgotten-channels.js';
import { type FileIdentity, type Head, type StoreRecord, decodeJson, encodeJson } from './head.js';
import { storeKey } from './layout.js';
import { makeId } from '../make-id.js';

/** Identity of the file in which the store is now. */
export function identityOf(directory: string): FileIdentity {
  const { ino, birthtimeMs, ctimeMs } = statSync(path.join(directory, 'data.mdb'), { bigint: true });
  // Where the file system does not know, it is the time of the last change.
  return { inode: String(ino), bornMs: birthtimeMs === ctimeMs ? null : Number(birthtimeMs) };
}

/** It is not the file that the store was in: a copy, such as a backup that was restored. */
export function isCopy(known: FileIdentity, now: FileIdentity): boolean {
  if (known.inode !== now.inode) return true;
  return known.bornMs !== null && now.bornMs !== null && known.bornMs !== now.bornMs;
}

/**
 * Operations stored after the copy was made are not in it, and offsets will be given again: every channel goes on in
 * another epoch, which continues the one before up to the end of the copy. A client that had read no further notices
 * nothing (EPOCH-2).
 */
export function continueAll(dbs: Databases, record: StoreRecord, file: FileIdentity): void {
  const { meta, channels } = dbs;
  const id = makeId();
  const heads = [...channels.getRange()].map(({ key, value }) => [key, decodeJson<Head>(value)] as const);
  for (const [key, head] of heads) {
    channels.putSync(key, encodeJson({ ...head, epoch: continueEpoch(head.epoch, head.top, id) }));
  }
  continueForgotten(dbs, id);
  meta.putSync(storeKey, encodeJson({ ...record, file, epoch: continueEpoch(record.epoch, 0, id) }));
}

/** A file that was made is found after a power cut. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  for (const folder of [directory, path.dirname(directory)]) {
    const opened = openSync(folder, 'r');
    try {
      fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
  }
}
