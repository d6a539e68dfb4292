import type { MaybePromise } from './maybe-promise.js';

/** Appends that the store has not answered yet. A store that answers at once has none. */
export class PendingAppends {
  #pending: Set<Promise<unknown>> | undefined;
  readonly #onSettled: () => void;

  /** `onSettled`: the last of them was answered. */
  constructor(onSettled: () => void) {
    this.#onSettled = onSettled;
  }

  get any(): boolean {
    return this.#pending !== undefined && this.#pending.size > 0;
  }

  add<T>(result: Promise<T>): Promise<T> {
    const pending = (this.#pending ??= new Set());
    pending.add(result);
    const settle = (): void => {
      pending.delete(result);
      if (pending.size === 0) this.#onSettled();
    };
    result.then(settle, settle);
    return result;
  }

  /** When all that are pending now were answered. */
  settled(): MaybePromise<void> {
    return this.#pending?.size ? Promise.allSettled(this.#pending).then(() => undefined) : undefined;
  }
}
