import { Buffer } from 'node:buffer';
import { type Operation, isRemoval } from '@longwave/protocol';
import type { StateHead } from '../records/head.js';
import { countOf, countedKey, endOfChannel, namedKey } from '../records/keys.js';
import { bytesOf, readOperation } from '../records/stored-operation.js';
import type { Transaction } from './transaction.js';

/** The entries of a channel with state, and the removals that are remembered. */
export class StateEntries {
  readonly #txn: Transaction;
  readonly #head: StateHead;

  constructor(txn: Transaction, head: StateHead) {
    this.#txn = txn;
    this.#head = head;
  }

  /** Undefined: there is no such entry. */
  get(key: string): Operation | undefined {
    const op = this.#last(key);
    return op && !isRemoval(op.kind) ? op : undefined;
  }

  /** The operation came next for its entry. Returns the operations that are no longer remembered. */
  apply(op: Operation & { readonly key: string }, record: Buffer): readonly Operation[] {
    const { dbs } = this.#txn;
    const head = this.#head;
    const { key } = op;
    const gone: Operation[] = [];
    const before = this.#last(key);
    if (before) {
      gone.push(before);
      dbs.operations.removeSync(countedKey(head.number, before.offset));
      if (isRemoval(before.kind)) this.#forgetRemoval(before.offset);
      else {
        head.entries--;
        head.bytes -= bytesOf(before.payload) + bytesOf(key);
      }
    }
    dbs.operations.putSync(countedKey(head.number, op.offset), record);
    dbs.entries.putSync(namedKey(head.number, key), countedKey(head.number, op.offset));
    if (isRemoval(op.kind)) {
      head.removals++;
      dbs.removals.putSync(countedKey(head.number, op.offset), Buffer.from(key));
      while (head.removals > head.maxRemovals) gone.push(...this.#forgetOldest());
    } else {
      head.entries++;
      head.bytes += bytesOf(op.payload) + bytesOf(key);
    }
    return gone;
  }

  #forgetRemoval(offset: number): void {
    this.#head.removals--;
    this.#txn.dbs.removals.removeSync(countedKey(this.#head.number, offset));
  }

  #forgetOldest(): readonly Operation[] {
    const { dbs } = this.#txn;
    const { number } = this.#head;
    const range = { start: countedKey(number, 0), end: endOfChannel(number), limit: 1 };
    return [...dbs.removals.getRange(range)].map(({ key, value }) => {
      const offset = countOf(key);
      const removal = readOperation(dbs.operations.get(key)!, offset);
      this.#forgetRemoval(offset);
      dbs.operations.removeSync(key);
      dbs.entries.removeSync(namedKey(number, value.toString('utf8')));
      this.#head.floor = Math.max(this.#head.floor, offset);
      return removal;
    });
  }

  #last(key: string): Operation | undefined {
    const { operations, entries } = this.#txn.dbs;
    const place = entries.get(namedKey(this.#head.number, key));
    if (!place) return undefined;
    return readOperation(operations.get(place)!, countOf(place));
  }
}
