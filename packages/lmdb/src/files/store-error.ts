import { LongwaveError } from '@longwave/protocol';
import { freeBytes } from './lock-file.js';

/** A record is not what was written. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
}

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room: what is asked for then is stored, and nothing that was acknowledged is lost.',
  EDQUOT: 'The quota of the disk is used up. Make room: what is asked for then is stored.',
  EACCES: 'This user may not write there. Give it the right to, or choose another path.',
  EPERM: 'This user may not write there. Give it the right to, or choose another path.',
  EROFS: 'The file system is read-only. Choose another path.',
  ENOTDIR: 'Something on this path is a file. The store needs a directory of its own.',
  EEXIST: 'Something on this path is a file. The store needs a directory of its own.',
  EIO: 'The disk failed. Look at the logs of the system, and restart this process when it works.',
  ENOMEM: 'There is no memory or address space left. Give it more, or a smaller mapSize.',
  MAP_FULL: 'The store has outgrown the address space there is. Give it a larger mapSize.',
  READERS_FULL: 'Too many processes have it open. Close some.',
  PANIC:
    'A write failed in its midst, and this process can write no more. Restart it: nothing that was acknowledged is lost.',
  REMOVED: 'Restart this process: what it has open is lost with it, and nothing more is acknowledged from there.',
  DAMAGED: 'The file is damaged. Restore it from a backup, or move the directory away to begin anew.',
};

/** Less than a commit may take. */
const scarceBytes = 16 * 1024 * 1024;

/** LMDB's own numbers, and those of the systems that it passes on as they are. */
const names: Readonly<Record<number, string>> = {
  1: 'EPERM',
  5: 'EIO',
  12: 'ENOMEM',
  13: 'EACCES',
  20: 'ENOTDIR',
  28: 'ENOSPC',
  30: 'EROFS',
  122: 'EDQUOT',
  [-30797]: 'DAMAGED',
  [-30796]: 'DAMAGED',
  [-30795]: 'PANIC',
  [-30794]: 'DAMAGED',
  [-30793]: 'DAMAGED',
  [-30792]: 'MAP_FULL',
  [-30790]: 'READERS_FULL',
};

/**
 * A failure of the store, told with its path and what to do: `unavailable`, as whoever asked may ask again.
 * @example
 * ```ts
 * try {
 *   createServer({ channels, store: lmdb({ path: '/var/lib/chat' }) });
 * } catch (error) {
 *   if (error instanceof StoreError) console.error(error.message);
 * }
 * ```
 */
export class StoreError extends LongwaveError {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('unavailable', message, options);
  }
}

export function storeError(what: string, path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const { message = String(cause) } = (cause ?? {}) as { readonly message?: string };
  const name = nameOf(cause, path);
  const hint = name === undefined ? undefined : advice[name];
  return new StoreError(`${what} ${path}: ${message.replace(/\.$/, '')}.${hint === undefined ? '' : ` ${hint}`}`, {
    cause,
  });
}

function nameOf(cause: unknown, path: string): string | undefined {
  const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  // Its name, as it may come from the thread that writes.
  if (name === DamagedRecord.name) return 'DAMAGED';
  const known = typeof code === 'number' ? names[code] : String(code);
  // LMDB takes a write that ended early for a failure of the disk, and that is how a disk becomes full.
  return known === 'EIO' && freeBytes(path) < scarceBytes ? 'ENOSPC' : known;
}
