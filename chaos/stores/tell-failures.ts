import type { Store } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { facade } from '@longwave/testkit';

/** The store, which tells of each call that fails: which one, of which channel, and why. A refusal is no failure. */
export function tellFailures(store: Store, tell: (call: string, channel: string, error: unknown) => void): Store {
  const told = <A extends readonly unknown[], R>(name: string, call: (channel: string, ...args: A) => R) => {
    return (channel: string, ...args: A): R => {
      const fail = (error: unknown): void => {
        if (!(error instanceof LongwaveError) || error.code === 'unavailable') tell(name, channel, error);
      };
      try {
        const result = call.call(store, channel, ...args);
        if (result instanceof Promise) result.catch(fail);
        return result;
      } catch (error) {
        fail(error);
        throw error;
      }
    };
  };
  return facade(store, {
    append: told('append', store.append),
    ...(store.compact && { compact: told('compact', store.compact) }),
    read: told('read', store.read),
    bounds: told('bounds', store.bounds),
  });
}
