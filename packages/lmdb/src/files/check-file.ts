import type { Buffer } from 'node:buffer';
import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import { type Meta, damaged, isKnownLayout, readAt, readMeta } from './meta-pages.js';

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
const noPage = 0xffff_ffff_ffff_ffffn;
const pageFlags = { branch: 1, leaf: 2 } as const;
const nodeFlags = { bigData: 1, subData: 2 } as const;

/**
 * Throws `StoreError` where the file of the store in this directory is damaged. Says nothing of one that is not there
 * yet.
 */
export function checkFile(directory: string): void {
  if (!isKnownLayout) return;
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
