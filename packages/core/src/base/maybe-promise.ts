/**
 * A result that may be at hand. The memory store and synchronous hooks answer at once, and so the
 * whole way of a message stays in one turn; a remote store answers later. The same code serves both.
 */
export type MaybePromise<T> = T | Promise<T>;

export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return value instanceof Promise;
}

/**
 * Takes a value that a callback of the application returned. Anything with a `then` is waited for: a query of a
 * database library, or a promise of another realm, is no instance of this one's `Promise`.
 */
export function adopt<T>(value: T | PromiseLike<T>): MaybePromise<T> {
  return value instanceof Promise || !isThenable(value) ? value : Promise.resolve(value);
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Applies `next` now if `value` is at hand, else when it arrives. */
export function chain<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Runs `work`; what it throws, now or later, goes to `failed`. */
export function guard(work: () => MaybePromise<void>, failed: (error: unknown) => void): MaybePromise<void> {
  try {
    const result = work();
    return isPromise(result) ? result.catch(failed) : undefined;
  } catch (error) {
    failed(error);
  }
}

/** Runs `work`; when it fails, now or later, `failed` decides what is thrown. */
export function onFailure<T>(work: () => MaybePromise<T>, failed: (error: unknown) => never): MaybePromise<T> {
  try {
    const result = work();
    return isPromise(result) ? result.catch(failed) : result;
  } catch (error) {
    return failed(error);
  }
}

/** Runs `work`; when it fails, now or later, `undo` runs before the failure goes on. */
export function undoOnFailure<T>(work: () => MaybePromise<T>, undo: () => void): MaybePromise<T> {
  return onFailure(work, (error) => {
    undo();
    throw error;
  });
}
