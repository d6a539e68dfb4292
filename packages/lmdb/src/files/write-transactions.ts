import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { RootDatabase } from 'lmdb';
import { NewestTransaction, isKnownLayout, magic, readMeta } from './meta-pages.js';

/** Offset of the counter in `lock.mdb`. Its first bytes are LMDB's mark and the format of that file. */
const counterAt = 8;
/** Other processes would have to open the file in the midst of so many transactions in a row. */
const maxAttempts = 100;
const isBehind = Symbol('the transaction does not go on from the newest commit');

/** A transaction that runs. */
export interface RunningTransaction {
  /** Nobody has changed the file since the last transaction here that said it did. */
  readonly isUntouched: boolean;
  /** Set by the work that has changed something. */
  isChanged: boolean;
}

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
  #newest: NewestTransaction | undefined;
  #lock: number | undefined;
  /** The last transaction that changed something here, where it is known. */
  #last: bigint | undefined;

  constructor(root: RootDatabase<Buffer, Buffer>, directory: string) {
    this.#root = root;
    this.#directory = directory;
    this.#data = isKnownLayout ? openSync(path.join(directory, 'data.mdb'), 'r') : undefined;
  }

  /** Runs `work` in one transaction: returns when it is on the disk, or throws and has changed nothing. */
  run<T>(work: (transaction: RunningTransaction) => T): T {
    const last = this.#last;
    this.#last = undefined;
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      let newest: bigint | undefined;
      let isChanged = false;
      // An end without a change makes LMDB forget what it remembers of free pages, as soon as the counter is right.
      const result = this.#root.transactionSync(() => {
        newest = this.#requireNewest();
        if (newest === undefined) return isBehind;
        const transaction = { isUntouched: this.#data !== undefined && newest === last, isChanged: false };
        const value = work(transaction);
        isChanged = transaction.isChanged;
        return { value };
      });
      if (result === isBehind) continue;
      this.#last = isChanged ? newest! + 1n : last;
      return result.value;
    }
    throw new Error('the counter of transactions in lock.mdb went back again and again');
  }

  close(): void {
    if (this.#data !== undefined) closeSync(this.#data);
  }

  /** The transaction that this one goes on from. Undefined: the counter was behind, and is no more; nothing must be changed. */
  #requireNewest(): bigint | undefined {
    const newest = this.#data === undefined ? undefined : this.#readNewest(this.#data);
    const previous = BigInt(this.#root.getWriteTxnId()) - 1n;
    if (newest === undefined || previous === newest) return previous;
    this.#setCounter(newest);
    return undefined;
  }

  #readNewest(file: number): bigint | undefined {
    if (!this.#newest) {
      const meta = readMeta(file);
      if (!meta) return undefined;
      this.#newest = new NewestTransaction(file, meta);
    }
    return this.#newest.read();
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
