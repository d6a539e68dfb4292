import type { Ports } from './ports.js';

/**
 * Calls a callback of the application. An exception, or a rejection of the promise
 * that it returns, is reported and stops nothing (CLI-4).
 */
export function call<Arguments extends readonly unknown[]>(
  ports: Pick<Ports, 'reportError'>,
  callback: ((...args: Arguments) => unknown) | undefined,
  ...args: Arguments
): void {
  try {
    const result = callback?.(...args) as Partial<PromiseLike<unknown>> | null | undefined;
    // On the way of every message: nothing is made for those that return nothing.
    if (typeof result?.then === 'function') result.then(undefined, (error: unknown) => ports.reportError(error));
  } catch (error) {
    ports.reportError(error);
  }
}
