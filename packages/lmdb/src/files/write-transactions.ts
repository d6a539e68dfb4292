import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { RootDatabase } from 'lmdb';
import { isKnownLayout, magic, readMeta } from './meta-pages.js';

/** Offset of the counter in `lock.mdb`. Its first bytes are LMDB's mark and the format of that file. */
const counterAt = 8;
/** Other processes would have to open the file in the midst of so many transactions in a row. */
const maxAttempts = 100;
const isBehind = Symbol('the transaction does not go on from the newest commit');

/**
 * Write transactions that go on from the newest commit, which those of LMDB alone do not always.
 *
 * LMDB counts the commits in `lock.mdb`, and a transaction goes on from the commit that the counter names. A process
 * that opens the file sets the counter, without a lock, to the commit that it read shortly before. If another process
 * commits between the two, the counter goes back: the next transaction takes the place of an acknowledged commit, or
 * takes pages of later commits for its own and fails. OpenLDAP mended this (ITS#9496, LMDB 0.9.29); the LMDB in lmdb
 * 3.5.6 does not have it. So a transaction here first asks `data.mdb`, which only the holder of the lock changes. Where
 * the counter went back, it is put right, and the transaction begins anew.
 */
export class WriteTransactions {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #directory: string;
  readonly #data: number | undefined;
  #lock: number | undefined;

  constructor(root: RootDatabase<Buffer, Buffer>, directory: string) {
    this.#root = root;
    this.#directory = directory;
    this.#data = isKnownLayout ? openSync(path.join(directory, 'data.mdb'), 'r') : undefined;
  }

  /** Runs `work` in one transaction: returns when it is on the disk, or throws and has changed nothing. */
  run<T>(work: () => T): T {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      // An end without a change makes LMDB forget what it remembers of free pages, as soon as the counter is right.
      const result = this.#root.transactionSync(() => (this.#requireNewest() ? { value: work() } : isBehind));
      if (result !== isBehind) return result.value;
    }
    throw new Error('the counter of transactions in lock.mdb went back again and again');
  }

  close(): void {
    if (this.#data !== undefined) closeSync(this.#data);
  }

  /** False: the counter was behind, and is no more. The transaction must not change anything. */
  #requireNewest(): boolean {
    const newest = this.#data === undefined ? undefined : readMeta(this.#data)?.transaction;
    const previous = BigInt(this.#root.getWriteTxnId()) - 1n;
    if (newest === undefined || previous === newest) return true;
    this.#setCounter(newest);
    return false;
  }

  #setCounter(to: bigint): void {
    // It stays open: to close it would end the locks of this process on that file, by which others know that it is there.
    this.#lock ??= openSync(path.join(this.#directory, 'lock.mdb'), 'r+');
    const head = Buffer.alloc(counterAt + 8);
    readSync(this.#lock, head, 0, head.length, 0);
    const found = head.readBigUInt64LE(counterAt);
    // It may have been set again meanwhile, by another process that opens the file.
    if (head.readUInt32LE(0) !== magic || found > to) {
      throw new Error(`lock.mdb is not what it should be: it counts ${found} transactions, data.mdb ${to}`);
    }
    head.writeBigUInt64LE(to, counterAt);
    writeSync(this.#lock, head, counterAt, 8, counterAt);
  }
}
