import type { Identity } from '../base/authority.js';
import { type MaybePromise, isPromise } from '../base/maybe-promise.js';

interface Appender {
  readonly identity: Identity;
}

/**
 * Appends that the store has not answered yet, by whose they are. A store that answers at once has none, and costs
 * nothing here.
 */
export class PendingAppends {
  readonly #pending = new Map<Appender, Set<Promise<unknown>>>();

  /** Appenders with appends under way, connected or not. */
  get owners(): Iterable<Appender> {
    return this.#pending.keys();
  }

  add<T>(owner: Appender, result: MaybePromise<T>): MaybePromise<T> {
    if (!isPromise(result)) return result;
    const pending = this.#pending.get(owner) ?? new Set();
    this.#pending.set(owner, pending.add(result));
    const settle = (): void => {
      pending.delete(result);
      if (pending.size === 0) this.#pending.delete(owner);
    };
    result.then(settle, settle);
    return result;
  }

  /** When all that are pending now were answered. */
  settled(owner: Appender): MaybePromise<void> {
    const pending = this.#pending.get(owner);
    return pending && Promise.allSettled(pending).then(() => undefined);
  }
}
