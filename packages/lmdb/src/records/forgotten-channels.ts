import { Buffer } from 'node:buffer';
import { continueEpoch } from '@longwave/protocol';
import type { Databases } from './databases.js';
import { type StoreRecord, decodeJson, encodeJson } from './head.js';
import { bucketKey } from './keys.js';
import { storeKey } from './layout.js';
import { makeId } from '../make-id.js';

/** The epoch that a channel begins in: that of the store, or another where it may have been forgotten. */
export function epochOfNew({ meta, forgotten }: Databases, channel: string): string {
  const own = forgotten.get(bucketKey(channel));
  return own ? own.toString('utf8') : decodeJson<StoreRecord>(meta.get(storeKey)!).epoch;
}

/**
 * A channel that was forgotten begins at 1 again, so it begins in an epoch that continues none: who stood at its start
 * may have missed all that it held (G3). The memory of forgotten channels is bounded, so a channel may share its epoch
 * with others.
 */
export function rememberForgotten({ meta, forgotten }: Databases, channel: string): void {
  forgotten.putSync(bucketKey(channel), Buffer.from(makeId()));
  const record = decodeJson<StoreRecord>(meta.get(storeKey)!);
  meta.putSync(storeKey, encodeJson({ ...record, forgotten: forgottenIn(record) + 1 }));
}

/** How many channels were forgotten: those who watch learn where theirs stand when it rises. */
export function forgottenIn({ forgotten = 0 }: StoreRecord): number {
  return forgotten;
}

/** Operations written to them after the copy was made are not in it. */
export function continueForgotten({ forgotten }: Databases, id: string): void {
  for (const { key, value } of [...forgotten.getRange()]) {
    forgotten.putSync(key, Buffer.from(continueEpoch(value.toString('utf8'), 0, id)));
  }
}
