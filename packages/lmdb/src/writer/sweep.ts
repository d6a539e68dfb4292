import type { Table } from '../records/databases.js';
import { rememberForgotten } from '../records/forgotten-channels.js';
import type { Head } from '../records/head.js';
import { channelKey, countedKey, endOfChannel } from '../records/keys.js';
import { removeReplaced, replacedAtOnce, trimByAge } from './log-changes.js';
import type { Transaction } from './transaction.js';

/** Channels that one sweep looks at, and records that it removes at most. */
const channelsAtOnce = 500;
const removedAtOnce = 5000;

/**
 * Drops operations that are too old in the channels after `after`, and forgets channels that have been empty and unused
 * for `forgetAfterMs`. Returns the last channel it looked at, undefined when it came to the end.
 */
export function sweep(txn: Transaction, after: string | undefined, forgetAfterMs: number): string | undefined {
  const start = after === undefined ? undefined : channelKey(after);
  const found = [
    ...txn.dbs.channels.getRange({ ...(start && { start, exclusiveStart: true }), limit: channelsAtOnce }),
  ];
  let removed = 0;
  let last: string | undefined;
  for (const { key } of found) {
    const channel = key.toString('utf8');
    // A name that is known by its hash cannot be told from its key: such channels stay until they are written.
    const head = key[0] === 0xff ? undefined : txn.head(channel);
    last = channel;
    if (!head) continue;
    if (head.kind === 'log') {
      const trimmed = trimByAge(txn, head, removedAtOnce - removed);
      if (trimmed > 0) txn.update(channel);
      removed += trimmed;
      // A process that compacted it came to no end.
      if (head.removedTo !== undefined) removed += removeAllReplaced(txn, channel, removedAtOnce - removed);
    }
    if (isForgettable(head, txn.now - forgetAfterMs)) removed += forget(txn, channel, head);
    if (removed >= removedAtOnce) break;
  }
  return removed < removedAtOnce && found.length < channelsAtOnce ? undefined : last;
}

/** Returns about how many. */
function removeAllReplaced(txn: Transaction, channel: string, limit: number): number {
  let removed = 0;
  do removed += replacedAtOnce;
  while (removeReplaced(txn, channel) && removed < limit);
  return removed;
}

function isForgettable(head: Head, unusedSince: number): boolean {
  const isEmpty = head.kind === 'log' ? head.floor === head.top : head.entries === 0;
  return isEmpty && head.writtenAt < unusedSince;
}

/** All records of the channel. Returns how many there were. */
function forget(txn: Transaction, channel: string, head: Head): number {
  const { operations, entries, removals, leases, messageIds, producers, uses } = txn.dbs;
  let removed = 1;
  for (const table of [operations, entries, removals, leases, messageIds, producers, uses]) {
    removed += clear(table, head.number);
  }
  txn.drop(channel);
  rememberForgotten(txn.dbs, channel);
  return removed;
}

function clear(table: Table, number: number): number {
  const range = { start: countedKey(number, 0).subarray(0, 4), end: endOfChannel(number) };
  const keys = [...table.getKeys(range)];
  for (const key of keys) table.removeSync(key);
  return keys.length;
}
