import { Buffer } from 'node:buffer';
import { LongwaveError, codeMessages } from '@longwave/protocol';
import type { NewOperation } from '@longwave/core';
import type { Head } from '../records/head.js';
import { countOf, countedKey, namedKey } from '../records/keys.js';
import type { Transaction } from './transaction.js';

/** Finds a publish that was stored before: by producer and sequence, and by message id for what is retained (PUB-2, PUB-3, PUB-4). */

/**
 * The offset of the first, undefined when it is new. What is found by its message id is known by its sequence from now on.
 * Throws `too-old` and `out-of-order`.
 */
export function findRepeated(txn: Transaction, channel: string, head: Head, entry: NewOperation): number | undefined {
  const { id, user, producer, retry = false } = entry;
  // Before it is known as another's by its message id: those behind it would take it for stored in its place.
  if (producer && txn.windows.of(head).overtakes(user, producer)) throw fault('out-of-order');
  // The sequence first: under the same message id another publish may have come since the first was trimmed.
  const bySequence = producer && txn.windows.of(head).find(user, producer, retry);
  if (typeof bySequence === 'number') return bySequence;
  const byId = id === undefined ? undefined : offsetOf(txn, head, id, user);
  if (byId === undefined) {
    const found = bySequence ?? (id !== undefined && retry && head.forgotIds ? 'unknown' : 'new');
    if (found === 'unknown') throw fault('too-old');
    return undefined;
  }
  // Not where more of this producer may have been forgotten: one sequence known must not make the others look new.
  if (producer && txn.windows.of(head).find(user, producer, true) === 'new') {
    txn.windows.of(head).record(user, producer, byId);
    txn.touch(channel, head);
  }
  return byId;
}

export function recordPublish(
  txn: Transaction,
  head: Head,
  { id, user, producer }: NewOperation,
  offset: number,
): void {
  if (id !== undefined) txn.dbs.messageIds.putSync(idKey(head, id, user), countedKey(head.number, offset));
  if (producer) txn.windows.of(head).record(user, producer, offset);
}

/** The channel no longer retains the operation at `offset`. */
export function forgetId(txn: Transaction, head: Head, id: string, user: string | undefined): void {
  txn.dbs.messageIds.removeSync(idKey(head, id, user));
  head.forgotIds = true;
}

function offsetOf(txn: Transaction, head: Head, id: string, user: string | undefined): number | undefined {
  const record = txn.dbs.messageIds.get(idKey(head, id, user));
  return record && countOf(record);
}

function idKey(head: Head, id: string, user: string | undefined): Buffer {
  return namedKey(head.number, user === undefined ? `:${id}` : `${user.length}:${user}${id}`);
}

function fault(code: 'out-of-order' | 'too-old' | 'too-many' | 'too-large'): LongwaveError {
  return new LongwaveError(code, codeMessages[code]);
}
