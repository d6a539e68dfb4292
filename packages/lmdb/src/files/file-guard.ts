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

/** The lock file too: who opens the store without it knows nothing of those who have it open. */
const names = ['data.mdb', 'lock.mdb'];

export function openFilesOf(directory: string): OpenFiles {
  return names.map((name) => identify(name, statOf(directory, name)));
}

/**
 * Throws `FileRemoved` where the files of the store are gone, others took their places, or the one with the data was
 * cut.
 */
export class FileGuard {
  readonly #directory: string;
  readonly #files: OpenFiles;
  #bytes = 0n;

  constructor(directory: string, files: OpenFiles) {
    this.#directory = directory;
    this.#files = files;
  }

  check(): void {
    for (const file of this.#files) {
      const stats = statOf(this.#directory, file.name);
      if (!isSame(file, identify(file.name, stats)))
        throw new FileRemoved(`another file took the place of ${file.name} while it was open`);
      if (file.name !== 'data.mdb') continue;
      if (stats.size < this.#bytes) throw new FileRemoved(`${file.name} was cut while it was open`);
      this.#bytes = stats.size;
    }
  }
}

function statOf(directory: string, name: string): BigIntStats {
  try {
    return statSync(path.join(directory, name), { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new FileRemoved(`${name} was removed while it was open`);
  }
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
