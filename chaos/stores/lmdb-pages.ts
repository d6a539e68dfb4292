import type { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';

const headerBytes = 24;
/** Offsets in one of the two pages that begin the file. */
const meta = {
  pageBytes: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  transaction: 152,
} as const;
const isBranch = 1;
const nodeFlag = { hasOwnPages: 1, isTree: 2 } as const;
const none = 0xffff_ffff_ffff_ffffn;

/** Pages of a file of LMDB, as its newest commit has them. */
export interface Pages {
  /** Each page that a tree has, with the name of that tree. */
  readonly used: ReadonlyMap<bigint, string>;
  /** Each free page, with the commit that freed it. */
  readonly free: ReadonlyMap<bigint, bigint>;
  /** Pages that are free twice, in two trees, or both: one commit would overwrite what another put there. */
  readonly problems: readonly string[];
}

/** Walks the trees and the list of free pages of a file that no process writes to. */
export function readPages(path: string): Pages {
  const file = readFileSync(path);
  const pageBytes = file.readUInt32LE(meta.pageBytes);
  const heads = [file, file.subarray(pageBytes)];
  const head = heads.reduce((a, b) => (transactionOf(b) > transactionOf(a) ? b : a));
  return new Walk(file, pageBytes, head.readBigUInt64LE(meta.lastPage)).run(
    head.readBigUInt64LE(meta.freeRoot),
    head.readBigUInt64LE(meta.mainRoot),
  );
}

function transactionOf(head: Buffer): bigint {
  return head.readBigUInt64LE(meta.transaction);
}

interface Node {
  readonly flags: number;
  readonly key: Buffer;
  /** Its value, or where that has pages of its own what says where they are. */
  readonly data: Buffer;
  /** Bytes of its value. */
  readonly length: number;
}

class Walk {
  readonly #file: Buffer;
  readonly #pageBytes: number;
  readonly #lastPage: bigint;
  readonly #used = new Map<bigint, string>();
  readonly #free = new Map<bigint, bigint>();
  readonly #problems: string[] = [];

  constructor(file: Buffer, pageBytes: number, lastPage: bigint) {
    this.#file = file;
    this.#pageBytes = pageBytes;
    this.#lastPage = lastPage;
  }

  run(freeRoot: bigint, mainRoot: bigint): Pages {
    this.#walk(freeRoot, 'free pages', (node) => this.#addFree(node.key.readBigUInt64LE(), this.#valueOf(node)));
    this.#walk(mainRoot, 'main', (node) => {
      if (node.flags & nodeFlag.isTree) this.#walk(node.data.readBigUInt64LE(40), node.key.toString(), () => undefined);
    });
    for (const [page, commit] of this.#free) {
      const tree = this.#used.get(page);
      if (tree !== undefined) this.#problems.push(`page ${page} of ${tree} is free since commit ${commit}`);
    }
    return { used: this.#used, free: this.#free, problems: this.#problems };
  }

  #walk(root: bigint, tree: string, visit: (node: Node) => void): void {
    const todo = root === none ? [] : [root];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (!this.#use(next, 1n, tree)) continue;
      const page = this.#page(next);
      const end = page.readUInt16LE(20) + headerBytes;
      for (let at = headerBytes; at < end; at += 2) {
        const node = page.readUInt16LE(at) + headerBytes;
        const low = page.readUInt32LE(node);
        const flags = page.readUInt16LE(node + 4);
        if (page.readUInt16LE(18) & isBranch) todo.push(BigInt(low) | (BigInt(flags) << 32n));
        else this.#visitLeaf(page, node, tree, visit);
      }
    }
  }

  #visitLeaf(page: Buffer, at: number, tree: string, visit: (node: Node) => void): void {
    const flags = page.readUInt16LE(at + 4);
    const keyEnd = at + 8 + page.readUInt16LE(at + 6);
    const node = {
      flags,
      key: page.subarray(at + 8, keyEnd),
      data: page.subarray(keyEnd),
      length: page.readUInt32LE(at),
    };
    const isWhole =
      !(flags & nodeFlag.hasOwnPages) || this.#use(node.data.readBigUInt64LE(0), node.data.readBigUInt64LE(16), tree);
    if (isWhole) visit(node);
  }

  #valueOf({ flags, data, length }: Node): Buffer {
    if (!(flags & nodeFlag.hasOwnPages)) return data.subarray(0, length);
    const from = Number(data.readBigUInt64LE(0)) * this.#pageBytes + headerBytes;
    return this.#file.subarray(from, from + length);
  }

  /** A list: how many words follow, then pages; a length below 0 before the first page of so many; 0 is nothing. */
  #addFree(commit: bigint, list: Buffer): void {
    const end = Math.min(list.length, (Number(list.readBigInt64LE(0)) + 1) * 8);
    for (let at = 8; at < end; at += 8) {
      const word = list.readBigInt64LE(at);
      if (word === 0n) continue;
      if (word < 0n) at += 8;
      if (at >= end) return;
      const first = list.readBigInt64LE(at);
      for (let page = first; page < first + (word < 0n ? -word : 1n); page++) {
        const before = this.#free.get(page);
        if (before !== undefined) this.#problems.push(`page ${page} is free since commit ${before} and ${commit}`);
        this.#free.set(page, commit);
      }
    }
  }

  /** False: they are not all there, or something else has them. */
  #use(first: bigint, count: bigint, tree: string): boolean {
    const end = first + count;
    if (end - 1n > this.#lastPage || end * BigInt(this.#pageBytes) > BigInt(this.#file.length)) {
      this.#problems.push(`page ${end - 1n} of ${tree} is not in the file`);
      return false;
    }
    const known = this.#problems.length;
    for (let page = first; page < end; page++) {
      const other = this.#used.get(page);
      if (other !== undefined) this.#problems.push(`page ${page} is one of ${other} and of ${tree}`);
      this.#used.set(page, tree);
    }
    return this.#problems.length === known;
  }

  #page(number: bigint): Buffer {
    const from = Number(number) * this.#pageBytes;
    return this.#file.subarray(from, from + this.#pageBytes);
  }
}
