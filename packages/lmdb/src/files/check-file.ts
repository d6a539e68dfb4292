import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { StoreError } from './store-error.js';

/**
 * LMDB trusts its file: a page after the end of a file that was cut ends the process with SIGBUS, an overwritten one
 * may. So the trees are walked before LMDB maps the file. In a large file only the first pages are checked, unless it
 * is shorter than it says: it may be, when the missing pages are free.
 */

/** Pages that are looked at in a file that has the length it should have: 128 MiB of them. */
const maxPages = 32_768;
const headerBytes = 24;
/** Offset from which places within a page are counted. */
const pageBase = headerBytes;
const magic = 0xbeefc0de;
/** The format of this LMDB. */
const dataVersion = 2;
const noPage = 0xffff_ffff_ffff_ffffn;
const pageFlags = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const;
const nodeFlags = { bigData: 1, subData: 2 } as const;

interface Meta {
  readonly pageBytes: number;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
  readonly transaction: bigint;
}

/**
 * Throws `StoreError` where the file of the store in this directory is damaged. Says nothing of one that is not there
 * yet.
 */
export function checkFile(directory: string): void {
  // The format is that of the machine; this is of those with 64 bits.
  if (endianness() !== 'LE' || process.arch === 'arm' || process.arch === 'ia32') return;
  let file: number;
  try {
    file = openSync(path.join(directory, 'data.mdb'), 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    // A page may be used anew by a process that writes meanwhile: only what stays the same is proof.
    for (;;) {
      const before = readMeta(file);
      if (!before) return;
      const damage = walk(file, before);
      if (damage === undefined) return;
      if (readMeta(file)?.transaction === before.transaction) throw damaged(damage);
    }
  } finally {
    closeSync(file);
  }
}

/** Returns the newer of the two pages that begin the file; undefined: the file is empty. */
function readMeta(file: number): Meta | undefined {
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

function parseMeta(page: Buffer): Meta | undefined {
  if (page.length < 184 || !(page.readUInt16LE(18) & pageFlags.meta) || page.readUInt32LE(24) !== magic) {
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
    transaction: page.readBigUInt64LE(152),
  };
}

/** Its file has the mark of LMDB, there or where versions before have it. */
function isOtherVersion(page: Buffer): boolean {
  if (page.length < 32) return false;
  return [16, 24].some((at) => page.readUInt32LE(at) === magic && (page.readUInt32LE(at + 4) & 0xffff) !== dataVersion);
}

/** Says what is wrong with a page that can be reached, or nothing. */
function walk(file: number, { pageBytes, roots, lastPage }: Meta): string | undefined {
  const { size } = fstatSync(file);
  const isWhole = BigInt(size) >= (lastPage + 1n) * BigInt(pageBytes);
  const todo = roots.filter((root) => root !== noPage);
  for (let looked = 0; looked < todo.length && !(isWhole && looked > maxPages); looked++) {
    const number = todo[looked]!;
    if (number > lastPage || (number + 1n) * BigInt(pageBytes) > BigInt(size))
      return `page ${number} is behind its end`;
    const page = readAt(file, Number(number) * pageBytes, pageBytes);
    const found = page.length === pageBytes ? pagesBelow(page, number) : undefined;
    if (!found) return `page ${number} is not what it should be`;
    todo.push(...found.pages);
    const beyond = found.overflows.find((last) => (last + 1n) * BigInt(pageBytes) > BigInt(size));
    if (beyond !== undefined) return `page ${beyond} is behind its end`;
  }
  return undefined;
}

interface Below {
  readonly pages: readonly bigint[];
  /** The last page of each value that has pages of its own. */
  readonly overflows: readonly bigint[];
}

/** Undefined: it is no page of a tree, or not this one. */
function pagesBelow(page: Buffer, number: bigint): Below | undefined {
  const flags = page.readUInt16LE(18);
  const [lower, upper] = [page.readUInt16LE(20) + pageBase, page.readUInt16LE(22) + pageBase];
  const isBranch = (flags & pageFlags.branch) !== 0;
  if (page.readBigUInt64LE(0) !== number || isBranch === ((flags & pageFlags.leaf) !== 0)) return undefined;
  if (lower < headerBytes || lower > upper || upper > page.length) return undefined;
  const pages: bigint[] = [];
  const overflows: bigint[] = [];
  for (let at = headerBytes; at < lower; at += 2) {
    const node = page.readUInt16LE(at) + pageBase;
    if (node < upper || node + 8 > page.length) return undefined;
    const low = BigInt(page.readUInt32LE(node));
    const nodeFlag = page.readUInt16LE(node + 4);
    const data = node + 8 + page.readUInt16LE(node + 6);
    if (data > page.length) return undefined;
    if (isBranch) pages.push(low | (BigInt(nodeFlag) << 32n));
    else if (nodeFlag & nodeFlags.bigData) {
      if (data + 24 > page.length) return undefined;
      overflows.push(page.readBigUInt64LE(data) + page.readBigUInt64LE(data + 16) - 1n);
    } else if (data + Number(low) > page.length) return undefined;
    else if (nodeFlag & nodeFlags.subData) {
      const root = low >= 48n ? page.readBigUInt64LE(data + 40) : undefined;
      if (root === undefined) return undefined;
      if (root !== noPage) pages.push(root);
    }
  }
  return { pages, overflows };
}

function readAt(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, at));
}

function damaged(what: string): StoreError {
  return new StoreError(
    `The file data.mdb of the store is damaged: ${what}. Restore it from a backup, or move the directory away to begin anew.`,
  );
}
