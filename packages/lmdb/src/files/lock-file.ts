import { Buffer } from 'node:buffer';
import { existsSync, linkSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { makeId } from '../make-id.js';

/** More than LMDB needs for its readers. */
const lockBytes = 128 * 1024;
/** All that was ever said in the channels is in these files: they are for the user of this process alone. */
const privateFile = 0o600;
/** Bytes that a new store takes, with some to spare. */
const roomBytes = 512 * 1024;

/**
 * LMDB shares a file with its readers that it makes with holes, and where the disk is full a process that writes into
 * one ends with SIGBUS. So it finds one that has all of its bytes: made elsewhere and put there whole, as others may be
 * opening the store too.
 */
export function prepareLockFile(directory: string): void {
  const file = path.join(directory, 'lock.mdb');
  if (process.platform === 'win32' || (existsSync(file) && existsSync(path.join(directory, 'data.mdb')))) return;
  if (freeBytes(directory) < roomBytes) {
    throw Object.assign(new Error('there is no room for a new store'), { code: 'ENOSPC' });
  }
  const made = path.join(directory, `lock-${makeId()}.tmp`);
  try {
    writeFileSync(made, Buffer.alloc(lockBytes), { mode: privateFile });
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(made, { force: true });
  }
}

/** LMDB would make it with the rights that the umask leaves. */
export function prepareDataFile(directory: string): void {
  try {
    writeFileSync(path.join(directory, 'data.mdb'), '', { mode: privateFile, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Bytes that this user may still write to the disk that `directory` is on. */
export function freeBytes(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
