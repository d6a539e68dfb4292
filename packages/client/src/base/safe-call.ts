import type { Ports } from './ports.js';

/**
 * Calls a callback of the application. An exception, or a rejection of the promise
 * that it returns, is reported and stops nothing (CLI-4).
 */
export function call<Arguments extends readonly unknown[]>(
  { reportError }: Pick<Ports, 'reportError'>,
  callback: ((...args: Arguments) => unknown) | undefined,
  ...args: Arguments
): void {
  const report = (error: unknown): void => reportError(error);
  try {
    const result = callback?.(...args) as Partial<PromiseLike<unknown>> | null | undefined;
    if (typeof result?.then === 'function') result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}
