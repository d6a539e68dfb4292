import { type BigIntStats, statSync } from 'node:fs';
import path from 'node:path';

/** Tells the files that are open from any that take their places. Plain data: it goes to the thread that writes. */
export type OpenFiles = readonly OpenFile[];

interface OpenFile {
  readonly name: string;
  readonly device: bigint;
  readonly inode: bigint;
  /** Null where the file system does not know. */
  readonly bornNs: bigint | null;
}

/** Writes to a file that nobody can open any more are lost with the last process that has it open. */
class FileRemoved extends Error {
  readonly code = 'REMOVED';
}

/** Milliseconds between two looks at when the files were made: while they are open, nobody else gets their inodes. */
const freshMs = 1000;

/** The lock file too: who opens the store without it knows nothing of those who have it open. */
const names = ['data.mdb', 'lock.mdb'];

export function openFilesOf(directory: string): OpenFiles {
  return names.map((name) => identify(name, statOf(path.join(directory, name), name)));
}

/**
 * Throws `FileRemoved` where the files of the store are gone, others took their places, or the one with the data was
 * cut.
 */
export class FileGuard {
  readonly #files: readonly { readonly file: OpenFile; readonly path: string }[];
  #bytes = 0;
  #checkedAt = -Infinity;

  constructor(directory: string, files: OpenFiles) {
    this.#files = files.map((file) => ({ file, path: path.join(directory, file.name) }));
  }

  check(): void {
    const now = performance.now();
    const isWhole = now - this.#checkedAt > freshMs;
    for (const { file, path: at } of this.#files) {
      const { name, device, inode } = file;
      if (isWhole && !isSame(file, identify(name, statOf(at, name)))) throw replaced(name);
      const stats = statSync(at, { throwIfNoEntry: false });
      if (!stats) throw removed(name);
      if (stats.dev !== Number(device) || stats.ino !== Number(inode)) throw replaced(name);
      if (name !== 'data.mdb') continue;
      if (stats.size < this.#bytes) throw new FileRemoved(`${name} was cut while it was open`);
      this.#bytes = stats.size;
    }
    if (isWhole) this.#checkedAt = now;
  }
}

function removed(name: string): FileRemoved {
  return new FileRemoved(`${name} was removed while it was open`);
}

function replaced(name: string): FileRemoved {
  return new FileRemoved(`another file took the place of ${name} while it was open`);
}

function statOf(at: string, name: string): BigIntStats {
  const stats = statSync(at, { bigint: true, throwIfNoEntry: false });
  if (!stats) throw removed(name);
  return stats;
}

function identify(name: string, { dev, ino, birthtimeNs, ctimeNs }: BigIntStats): OpenFile {
  // Where the file system does not know, it is the time of the last change.
  const bornNs = birthtimeNs === ctimeNs || birthtimeNs === 0n ? null : birthtimeNs;
  return { name, device: dev, inode: ino, bornNs };
}

function isSame(a: OpenFile, b: OpenFile): boolean {
  const isSameBirth = a.bornNs === null || b.bornNs === null || a.bornNs === b.bornNs;
  return a.device === b.device && a.inode === b.inode && isSameBirth;
}
