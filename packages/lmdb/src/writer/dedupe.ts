import { Buffer } from 'node:buffer';
import type { NewOperation, PublishMemory } from '@longwave/core';
import type { Head } from '../records/head.js';
import { countOf, countedKey, namedKey } from '../records/keys.js';
import type { Transaction } from './transaction.js';

/** The file's memory of the publishes of a channel, as one transaction sees it. */
export function publishMemory(txn: Transaction, channel: string, head: Head): PublishMemory {
  return {
    get windows() {
      return txn.windows.of(head);
    },
    // Ids of what is still to be removed are forgotten with it.
    forgotIds: head.forgotIds || (head.kind === 'log' && head.removedTo !== undefined),
    offsetOf: (id, user) => {
      const record = txn.dbs.messageIds.get(idKey(head, id, user));
      if (!record) return undefined;
      const offset = countOf(record);
      return head.kind === 'log' && offset <= head.floor ? undefined : offset;
    },
    recordSequence: (user, producer, offset) => {
      txn.windows.of(head).record(user, producer, offset);
      txn.touch(channel, head);
    },
  };
}

/** Remembers by its producer and its message id that the publish is stored at `offset`. */
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

function idKey(head: Head, id: string, user: string | undefined): Buffer {
  return namedKey(head.number, user === undefined ? `:${id}` : `${user.length}:${user}${id}`);
}
