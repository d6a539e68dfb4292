import type { Keep, NewOperation, RoomEngine } from '@longwave/core';
import { LongwaveError, type Operation } from '@longwave/protocol';

type Stored = RoomEngine['store'];

/** The entry of a map of the store as it is now. Undefined: there is none. */
export async function readEntry(store: Stored, channel: string, key: string): Promise<Operation | undefined> {
  const { ops } = await store.read(channel, { key, limit: 1 });
  return ops.find(({ kind }) => kind !== 'delete' && kind !== 'expire');
}

/** Appends a change that names the version it expects. Returns the new one, or undefined where the store has another one than that. */
export async function appendIfExpected(
  store: Stored,
  channel: string,
  change: NewOperation & { readonly expect: number },
  keep: Keep,
): Promise<number | undefined> {
  try {
    return (await store.append(channel, change, keep)).offset;
  } catch (error) {
    if (error instanceof LongwaveError && error.code === 'conflict') return undefined;
    throw error;
  }
}
