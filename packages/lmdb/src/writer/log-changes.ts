import type { Buffer } from 'node:buffer';
import {
  LongwaveError,
  type Operation,
  type Position,
  type ResolvedRetention,
  redactedOperation,
} from '@longwave/protocol';
import { type Compaction, type NewOperation, findRepeated, requireRetained } from '@longwave/core';
import { forgetId, publishMemory, recordPublish } from './dedupe.js';
import type { LogHead } from '../records/head.js';
import { countedKey } from '../records/keys.js';
import type { Outcome } from './jobs.js';
import { bytesOf, readOperation, readTraits } from '../records/stored-operation.js';
import type { Transaction } from './transaction.js';

/** Records that one job removes at most: a millisecond or two. */
export const replacedAtOnce = 250;

/**
 * Appends to a channel's log. Throws `too-old`, `out-of-order`, `conflict`, `too-large` or `too-many`, and has changed nothing
 * then.
 */
export function appendToLog(
  txn: Transaction,
  channel: string,
  entry: NewOperation,
  retain: ResolvedRetention,
): Outcome {
  const head = txn.open(channel, 'log');
  const { epoch } = head;
  const repeated = findRepeated(publishMemory(txn, channel, head), entry);
  if (repeated !== undefined) return { epoch, offset: repeated, duplicate: true };
  requireRoom(head, entry, retain);
  const { payload, id, user, redacts, producer } = entry;
  if (redacts && !redact(txn, channel, head, redacts)) {
    if (producer) publishMemory(txn, channel, head).recordSequence(user, producer, head.top);
    txn.touch(channel, head);
    return { epoch, offset: head.top, duplicate: true };
  }
  const op: Operation = { offset: head.top + 1, time: txn.now, payload, id, user, kind: redacts && 'redact' };
  const record = txn.writer.write(op);
  txn.dbs.operations.putSync(countedKey(head.number, op.offset), record);
  txn.announce(channel, op, record);
  head.top = op.offset;
  head.bytes += bytesOf(payload);
  head.maxAgeMs = Number.isFinite(retain.ageMs) && !retain.whole ? retain.ageMs : null;
  txn.touch(channel, head);
  recordPublish(txn, head, entry, op.offset);
  if (!retain.whole) trimBySize(txn, head, retain);
  trimByAge(txn, head);
  return { epoch, offset: op.offset, duplicate: false, time: op.time };
}

/**
 * Writes the message's record anew, without its data, and takes the old one from the journal of what was stored lately. Returns false where
 * there is no data to take. Throws `epoch-changed` or `trimmed`.
 */
function redact(txn: Transaction, channel: string, head: LogHead, position: Position): boolean {
  if (trimByAge(txn, head) > 0) txn.update(channel);
  requireRetained(position, head);
  const { offset } = position;
  const key = countedKey(head.number, offset);
  const op = readOperation(txn.dbs.operations.get(key)!, offset);
  if (op.kind !== undefined) return false;
  const record = txn.writer.write(redactedOperation(op));
  txn.dbs.operations.putSync(key, record);
  txn.journal.redact(channel, offset, record);
  head.bytes -= bytesOf(op.payload);
  return true;
}

/** LOG-4, DOC-2. */
function requireRoom({ top, bytes }: LogHead, { payload, expect }: NewOperation, retain: ResolvedRetention): void {
  if (expect !== undefined && expect !== top)
    throw new LongwaveError('conflict', `The log ends at ${top}, not at ${expect}.`);
  if (retain.whole && bytes + bytesOf(payload) > retain.bytes)
    throw new LongwaveError('too-large', `The log has ${bytes} bytes, and may have ${retain.bytes}.`);
}

/** As `Store.compact`. */
export function compactLog(txn: Transaction, channel: string, { epoch, offset, payload }: Compaction): boolean {
  const head = txn.head(channel);
  if (head?.kind !== 'log') return false;
  if (trimByAge(txn, head) > 0) txn.update(channel);
  if (head.epoch !== epoch || offset <= head.floor || offset > head.top) return false;
  const key = countedKey(head.number, offset);
  const { time, id, user } = readTraits(txn.dbs.operations.get(key)!);
  if (id !== undefined) forgetId(txn, head, id, user);
  txn.dbs.operations.putSync(key, txn.writer.write({ time, payload }));
  // The others are out of reach from now on, and are removed bit by bit: no append waits for thousands of them.
  if (offset - 1 > head.floor) head.removedTo ??= head.floor;
  head.floor = offset - 1;
  head.bytes = payload.length + payloadBytesAfter(txn, head, offset);
  txn.touch(channel, head);
  return true;
}

function payloadBytesAfter(txn: Transaction, { number, top }: LogHead, offset: number): number {
  let bytes = 0;
  const range = { start: countedKey(number, offset + 1), end: countedKey(number, top + 1) };
  for (const { value } of txn.dbs.operations.getRange(range)) bytes += readTraits(value).payloadBytes;
  return bytes;
}

/** Removes records that a compaction has replaced, some hundreds of them. Returns whether there are more. */
export function removeReplaced(txn: Transaction, channel: string): boolean {
  const head = txn.head(channel);
  if (head?.kind !== 'log' || head.removedTo === undefined) return false;
  const to = Math.min(head.floor, head.removedTo + replacedAtOnce);
  const range = { start: countedKey(head.number, head.removedTo + 1), end: countedKey(head.number, to + 1) };
  for (const { key, value } of [...txn.dbs.operations.getRange(range)]) {
    const { id, user } = readTraits(value);
    txn.dbs.operations.removeSync(key);
    if (id !== undefined) forgetId(txn, head, id, user);
  }
  if (to < head.floor) head.removedTo = to;
  else delete head.removedTo;
  txn.update(channel);
  return to < head.floor;
}

function trimBySize(txn: Transaction, head: LogHead, { count, bytes }: ResolvedRetention): void {
  while (head.top - head.floor > count || (head.bytes > bytes && head.top > head.floor)) {
    trimFirst(txn, head);
  }
}

function trimFirst(txn: Transaction, head: LogHead): void {
  const key = countedKey(head.number, head.floor + 1);
  const { payloadBytes, id, user } = readTraits(txn.dbs.operations.get(key)!);
  trimOne(txn, head, key, payloadBytes, id, user);
}

/**
 * Drops what is older than the age bound of the last append (LOG-2), at most `limit` operations. Returns how many.
 */
export function trimByAge(txn: Transaction, head: LogHead, limit = Infinity): number {
  if (head.maxAgeMs === null) return 0;
  const oldest = txn.now - head.maxAgeMs;
  let trimmed = 0;
  while (head.top > head.floor && trimmed < limit) {
    const key = countedKey(head.number, head.floor + 1);
    const { time, payloadBytes, id, user } = readTraits(txn.dbs.operations.get(key)!);
    if (time >= oldest) break;
    trimOne(txn, head, key, payloadBytes, id, user);
    trimmed++;
  }
  return trimmed;
}

function trimOne(
  txn: Transaction,
  head: LogHead,
  key: Buffer,
  payloadBytes: number,
  id: string | undefined,
  user: string | undefined,
): void {
  txn.dbs.operations.removeSync(key);
  head.floor++;
  head.bytes -= payloadBytes;
  if (id !== undefined) forgetId(txn, head, id, user);
}
