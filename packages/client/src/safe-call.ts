import type { Ports } from './ports.js';

/** Calls what the application gave. What it throws is reported and stops nothing (CLI-4). */
export function call<Arguments extends readonly unknown[]>(
  ports: Pick<Ports, 'reportError'>,
  callback: ((...args: Arguments) => void) | undefined,
  ...args: Arguments
): void {
  try {
    callback?.(...args);
  } catch (error) {
    ports.reportError(error);
  }
}
