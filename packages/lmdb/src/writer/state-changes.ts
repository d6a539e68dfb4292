import type { Operation, StateBounds } from '@longwave/protocol';
import {
  type LeaseTerms,
  type NewOperation,
  type StateBefore,
  type StoredChange,
  decideChange,
  expiryOf,
  findRepeated,
} from '@longwave/core';
import { forgetId, publishMemory, recordPublish } from './dedupe.js';
import type { StateHead } from '../records/head.js';
import type { Outcome } from './jobs.js';
import { endLease, leaseOf, setLease } from './leases.js';
import { StateEntries } from './state-entries.js';
import { bytesOf } from '../records/stored-operation.js';
import type { Transaction } from './transaction.js';

/** The changes of one transaction to a channel's state. */
export class StateChanges {
  readonly #txn: Transaction;
  readonly #channel: string;
  readonly #head: StateHead;
  readonly #entries: StateEntries;

  constructor(txn: Transaction, channel: string) {
    this.#txn = txn;
    this.#channel = channel;
    this.#head = txn.open(channel, 'state');
    this.#entries = new StateEntries(txn, this.#head);
  }

  /** Throws `too-old`, `out-of-order`, `conflict`, `too-many` or `too-large`, and has changed nothing then. */
  append(entry: NewOperation, bounds: StateBounds): Outcome {
    this.#head.maxRemovals = bounds.removals;
    const memory = publishMemory(this.#txn, this.#channel, this.#head);
    const repeated = findRepeated(memory, entry);
    if (repeated !== undefined) return this.#ack(repeated);
    const { key = '' } = entry;
    const { ops, offset, lease, standsAt, remembered } = decideChange(entry, this.#state(key), bounds, bytesOf);
    if (lease) this.#lease(key, lease);
    this.#standAt(standsAt);
    if (!ops) {
      // A message id is remembered with what it stored: here is nothing.
      if (remembered && entry.producer) memory.recordSequence(entry.user, entry.producer, offset);
      return this.#ack(offset);
    }
    for (const op of ops) this.#store(op);
    if (remembered) recordPublish(this.#txn, this.#head, entry, offset);
    this.#txn.touch(this.#channel, this.#head);
    const { epoch } = this.#head;
    // A single value is announced here as it was given, anything else as it was stored.
    return isPut(entry)
      ? { epoch, offset, duplicate: false, time: this.#txn.now }
      : { epoch, offset, duplicate: false, stored: ops };
  }

  /** Ends the entry, whose time is over. */
  expire(key: string): Operation | undefined {
    endLease(this.#txn, this.#head.number, key);
    const before = this.#entries.get(key);
    if (!before) return undefined;
    const op = expiryOf(before, this.#head.top, this.#txn.now);
    this.#store(op);
    return op;
  }

  get epoch(): string {
    return this.#head.epoch;
  }

  #state(key: string): StateBefore {
    const { number, top, entries: size, bytes, standsAt } = this.#head;
    const before = this.#entries.get(key);
    const lease = before && leaseOf(this.#txn, number, key);
    return { before, lease, top, standsAt: standsAt ?? -Infinity, size, bytes, now: this.#txn.now };
  }

  #lease(key: string, terms: LeaseTerms): void {
    setLease(this.#txn, { name: this.#channel, number: this.#head.number }, key, terms);
    this.#txn.touch(this.#channel, this.#head);
  }

  #store(op: StoredChange): void {
    this.#head.top = op.offset;
    this.#txn.touch(this.#channel, this.#head);
    const record = this.#txn.writer.write(op);
    this.#txn.announce(this.#channel, op, record);
    // The delta is for watchers only, and is not kept.
    const kept = op.delta === undefined ? record : this.#txn.writer.write({ ...op, delta: undefined });
    for (const { id, user } of this.#entries.apply(op, kept)) {
      if (id !== undefined) forgetId(this.#txn, this.#head, id, user);
    }
  }

  #standAt(standsAt: number): void {
    if (standsAt <= (this.#head.standsAt ?? -Infinity)) return;
    this.#head.standsAt = standsAt;
    this.#txn.touch(this.#channel, this.#head);
  }

  #ack(offset: number): Outcome {
    return { epoch: this.#head.epoch, offset, duplicate: true };
  }
}

function isPut({ kind = 'put' }: NewOperation): boolean {
  return kind === 'put';
}
