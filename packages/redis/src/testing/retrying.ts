import { LongwaveError, type ResolvedRetention } from '@longwave/protocol';
import type { Appended, NewOperation, Store } from '@longwave/core';

export const wide: ResolvedRetention = { count: 100_000, bytes: 1e8, ageMs: 1e9 };

/** Appends as a client does: until it is stored, each time after the first as a retry. */
export async function appendRetrying(
  store: Store,
  channel: string,
  operation: NewOperation,
  onFailure: (error: Error) => void = () => undefined,
  keep: ResolvedRetention = wide,
): Promise<Appended> {
  for (let retry = false; ; retry = true) {
    try {
      return await store.append(channel, { ...operation, retry }, keep);
    } catch (error) {
      if (!isTransient(error)) throw error;
      onFailure(error);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Until it succeeds: what fails meanwhile is transient. */
export async function retrying<T>(attempt: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function isTransient(error: unknown): error is LongwaveError {
  return error instanceof LongwaveError && error.code === 'unavailable';
}
