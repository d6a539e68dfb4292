import { Buffer } from 'node:buffer';
import type { LeaseTerms } from '@longwave/core';
import { ByteReader, ByteWriter } from '../records/bytes.js';
import { decodeJson, encodeJson } from '../records/head.js';
import { expiryKey, expiryOf, namedKey } from '../records/keys.js';
import type { Transaction } from './transaction.js';

/** The longest time of an entry: more does not fit into a key. */
const maxTtlMs = 2 ** 46;

/** Until when an entry lasts, by the time of the leases, and who may move that. */
export interface StoredLease {
  readonly expiresAt: number;
  readonly holder?: string;
  readonly rank: number;
}

export function leaseOf(txn: Transaction, channel: number, key: string): StoredLease | undefined {
  const record = txn.dbs.leases.get(namedKey(channel, key));
  return record && decodeJson<StoredLease>(record);
}

export function endLease(txn: Transaction, channel: number, key: string): void {
  const lease = leaseOf(txn, channel, key);
  if (!lease) return;
  txn.dbs.leases.removeSync(namedKey(channel, key));
  txn.dbs.expiries.removeSync(expiryKey(lease.expiresAt, channel, key));
  txn.change();
}

/**
 * A change without `ttlMs` lasts: it is no longer the one that was to expire. `channelName` is found again by its
 * expiry.
 */
export function setLease(
  txn: Transaction,
  channel: { readonly name: string; readonly number: number },
  key: string,
  { ttlMs, holder, rank = 0 }: LeaseTerms,
): void {
  endLease(txn, channel.number, key);
  if (ttlMs === undefined) return;
  const expiresAt = txn.leases.now + Math.ceil(Math.min(maxTtlMs, Math.max(0, ttlMs)));
  const lease: StoredLease = { expiresAt, rank, ...(holder !== undefined && { holder }) };
  txn.dbs.leases.putSync(namedKey(channel.number, key), encodeJson(lease));
  const names = new ByteWriter().text(channel.name).text(key);
  txn.dbs.expiries.putSync(expiryKey(expiresAt, channel.number, key), names.copy());
  txn.change();
}

/** Entries whose time is over, the first to end first. */
export function dueLeases(
  txn: Transaction,
  limit: number,
): readonly { readonly channel: string; readonly key: string }[] {
  const end = expiryKey(txn.leases.now + 1, 0, '');
  return [...txn.dbs.expiries.getRange({ start: Buffer.of(0), end, limit })]
    .filter(({ key }) => expiryOf(key) <= txn.leases.now)
    .map(({ value }) => {
      const reader = new ByteReader(value);
      return { channel: reader.text(), key: reader.text() };
    });
}
