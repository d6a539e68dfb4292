import { Buffer } from 'node:buffer';
import { fstatSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import process from 'node:process';
import { StoreError } from './store-error.js';

/** The layout of LMDB's files is that of the machine; what is known here is that of machines with 64 bits. */
export const isKnownLayout = endianness() === 'LE' && process.arch !== 'arm' && process.arch !== 'ia32';
export const magic = 0xbeefc0de;
/** The format of this LMDB. */
const dataVersion = 2;
const metaFlag = 8;

/** The newest state of the file, as one of the two pages says that begin it. */
export interface Meta {
  readonly pageBytes: number;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/** Returns the newer of the two pages that begin the file; undefined: the file is empty. */
export function readMeta(file: number): Meta | undefined {
  if (fstatSync(file).size === 0) return undefined;
  const head = readAt(file, 0, 256);
  const first = parseMeta(head);
  if (!first && isOtherVersion(head))
    throw new StoreError(
      'The file data.mdb there was written by another version of LMDB, so by another program. Choose another directory for the store.',
    );
  if (!first) throw damaged('it does not begin as one');
  const second = parseMeta(readAt(file, first.pageBytes, 256));
  if (!second) throw damaged('its second page is not what it should be');
  return second.transaction > first.transaction ? second : first;
}

/** Places in a meta page where its parts begin. */
const flagsAt = 18;
const magicAt = 24;
const transactionAt = 152;
const metaBytes = transactionAt + 8;

/** Tells again and again which transaction of a file was the last, at the cost of one short read. */
export class NewestTransaction {
  readonly #file: number;
  readonly #pages: Buffer;
  readonly #secondAt: number;

  /** `file` has the two pages that begin it. */
  constructor(file: number, { pageBytes }: Pick<Meta, 'pageBytes'>) {
    this.#file = file;
    this.#secondAt = pageBytes;
    this.#pages = Buffer.alloc(pageBytes + metaBytes);
  }

  /** Throws `StoreError` where the file does not begin as one of LMDB. */
  read(): bigint {
    const pages = this.#pages;
    if (readSync(this.#file, pages, 0, pages.length, 0) < pages.length) throw damaged('it is too short');
    const [first, second] = [this.#transactionAt(0), this.#transactionAt(this.#secondAt)];
    return second > first ? second : first;
  }

  #transactionAt(page: number): bigint {
    const pages = this.#pages;
    if (!(pages.readUInt16LE(page + flagsAt) & metaFlag) || pages.readUInt32LE(page + magicAt) !== magic)
      throw damaged('it does not begin as one');
    return pages.readBigUInt64LE(page + transactionAt);
  }
}

function parseMeta(page: Buffer): Meta | undefined {
  if (page.length < 184 || !(page.readUInt16LE(flagsAt) & metaFlag) || page.readUInt32LE(magicAt) !== magic) {
    return undefined;
  }
  // Another version of LMDB refuses its own files itself.
  if ((page.readUInt32LE(28) & 0xffff) !== dataVersion) return undefined;
  const pageBytes = page.readUInt32LE(48);
  if (pageBytes < 512 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return undefined;
  return {
    pageBytes,
    roots: [page.readBigUInt64LE(88), page.readBigUInt64LE(136)],
    lastPage: page.readBigUInt64LE(144),
    transaction: page.readBigUInt64LE(transactionAt),
  };
}

/** Its file has the mark of LMDB, there or where versions before have it. */
function isOtherVersion(page: Buffer): boolean {
  if (page.length < 32) return false;
  return [16, 24].some((at) => page.readUInt32LE(at) === magic && (page.readUInt32LE(at + 4) & 0xffff) !== dataVersion);
}

export function readAt(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, at));
}

export function damaged(what: string): StoreError {
  return new StoreError(
    `The file data.mdb of the store is damaged: ${what}. Restore it from a backup, or move the directory away to begin anew.`,
  );
}
