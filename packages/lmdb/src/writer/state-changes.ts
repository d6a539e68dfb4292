import { Buffer } from 'node:buffer';
import {
  LongwaveError,
  type Operation,
  type StateBounds,
  decodePayload,
  encodePayload,
  isRemoval,
} from '@longwave/protocol';
import type { NewOperation } from '@longwave/core';
import { fault, findRepeated, forgetId, recordPublish } from './dedupe.js';
import type { StateHead } from '../records/head.js';
import type { Outcome } from './jobs.js';
import { endLease, leaseOf, setLease } from './leases.js';
import { StateEntries } from './state-entries.js';
import { bytesOf } from '../records/stored-operation.js';
import type { Transaction } from './transaction.js';

/** What one transaction does to a channel's state. */
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
    const repeated = findRepeated(this.#txn, this.#channel, this.#head, entry);
    if (repeated !== undefined) return this.#ack(repeated);
    if (entry.kind === 'load') return this.#load(entry, bounds);
    if (entry.kind === 'touch') return this.#touch(entry);
    if (entry.at !== undefined && entry.at <= (this.#head.standsAt ?? -Infinity)) {
      return this.#nothing(entry, this.#head.top);
    }
    return this.#change(entry, bounds);
  }

  /** Ends the entry, whose time is over. */
  expire(key: string): Operation | undefined {
    endLease(this.#txn, this.#head.number, key);
    const before = this.#entries.get(key);
    return before && this.#store({ payload: '', key, kind: 'expire', user: before.user });
  }

  get epoch(): string {
    return this.#head.epoch;
  }

  #change(entry: NewOperation, bounds: StateBounds): Outcome {
    const { key = '', kind, payload, expect, user, ifChanged, rank = 0 } = entry;
    const { number } = this.#head;
    const before = this.#entries.get(key);
    if (expect !== undefined && expect !== (before?.offset ?? 0)) {
      throw new LongwaveError('conflict', `The entry has version ${before?.offset ?? 0}, not ${expect}.`);
    }
    if (before && rank < (leaseOf(this.#txn, number, key)?.rank ?? 0)) return this.#nothing(entry, before.offset);
    if (kind === 'delete') {
      if (!before) return this.#nothing(entry, this.#head.top);
      endLease(this.#txn, number, key);
      return this.#record(entry, this.#store({ payload: '', key, kind, user, id: entry.id }));
    }
    if (ifChanged && before && samePayload(before.payload, payload) && before.user === user) {
      this.#lease(key, entry);
      return this.#nothing(entry, before.offset);
    }
    this.#requireRoom(key, before, bytesOf(payload), bounds);
    this.#lease(key, entry);
    const { id, delta } = entry;
    return this.#record(entry, this.#store({ payload, key, user, id, delta }));
  }

  #touch(entry: NewOperation): Outcome {
    const { key = '', holder } = entry;
    const lease = leaseOf(this.#txn, this.#head.number, key);
    if (lease && lease.holder === holder) this.#lease(key, { ...entry, rank: lease.rank });
    return this.#ack(this.#head.top);
  }

  #load(entry: NewOperation, bounds: StateBounds): Outcome {
    if (this.#head.top > 0 || this.#head.standsAt !== null) return this.#ack(this.#head.top);
    const loaded = decodePayload(entry.payload) as readonly (readonly [string, unknown])[];
    if (loaded.length > bounds.keys || bytesOf(entry.payload) > bounds.bytes) {
      throw fault(loaded.length > bounds.keys ? 'too-many' : 'too-large');
    }
    this.#head.standsAt = entry.at ?? null;
    this.#txn.touch(this.#channel, this.#head);
    const stored = loaded.map(([key, value]) => this.#store({ payload: encodePayload(value), key }));
    return { epoch: this.epoch, offset: this.#head.top, duplicate: false, stored };
  }

  #requireRoom(key: string, before: Operation | undefined, bytes: number, bounds: StateBounds): void {
    if (!before && this.#head.entries >= bounds.keys) {
      throw new LongwaveError('too-many', `The channel holds ${bounds.keys} entries, and no more.`);
    }
    const others = this.#head.bytes - (before ? bytesOf(before.payload) : -bytesOf(key));
    if (others + bytes > bounds.bytes) {
      throw new LongwaveError('too-large', `The entries of the channel may take ${bounds.bytes} bytes.`);
    }
  }

  #lease(key: string, entry: NewOperation): void {
    setLease(this.#txn, { name: this.#channel, number: this.#head.number }, key, entry);
    this.#txn.touch(this.#channel, this.#head);
  }

  #store(given: Omit<Operation, 'offset' | 'time'> & { readonly key: string }): Operation {
    const op: Operation & { readonly key: string } = { ...given, offset: ++this.#head.top, time: this.#txn.now };
    this.#txn.touch(this.#channel, this.#head);
    const record = this.#txn.writer.write(op);
    this.#txn.announce(this.#channel, op, record);
    // What made the value before of this one is for those who watch.
    const kept = op.delta === undefined ? record : this.#txn.writer.write({ ...op, delta: undefined });
    for (const { id, user } of this.#entries.apply(op, kept)) {
      if (id !== undefined) forgetId(this.#txn, this.#head, id, user);
    }
    return op;
  }

  #record(entry: NewOperation, op: Operation): Outcome {
    recordPublish(this.#txn, this.#head, entry, op.offset);
    this.#standAt(entry);
    const { epoch } = this.#head;
    // An append is announced here as it was given, a removal as it was stored.
    return isRemoval(op.kind)
      ? { epoch, offset: op.offset, duplicate: false, stored: [op] }
      : { epoch, offset: op.offset, duplicate: false, time: op.time };
  }

  /** It is done, and there was nothing to do. */
  #nothing(entry: NewOperation, offset: number): Outcome {
    // By its sequence alone: a message id is remembered with what it stored.
    if (entry.producer) {
      recordPublish(this.#txn, this.#head, { ...entry, id: undefined }, offset);
      this.#txn.touch(this.#channel, this.#head);
    }
    this.#standAt(entry);
    return this.#ack(offset);
  }

  /** Only behind what was not refused: that comes again. */
  #standAt({ at }: NewOperation): void {
    if (at === undefined || at <= (this.#head.standsAt ?? -Infinity)) return;
    this.#head.standsAt = at;
    this.#txn.touch(this.#channel, this.#head);
  }

  #ack(offset: number): Outcome {
    return { epoch: this.#head.epoch, offset, duplicate: true };
  }
}

function samePayload(one: Operation['payload'], other: Operation['payload']): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return Buffer.compare(one, other) === 0;
}
