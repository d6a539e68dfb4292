import type { AddressInfo } from 'node:net';

/** What a worker tells the process that started it: it takes connections. */
export interface WorkerReady {
  readonly ready: { readonly lines: readonly string[]; readonly address: AddressInfo };
}

/** What it is told: send the clients elsewhere, and end. */
export const stopMessage = 'longwave:stop';

export function isReady(message: unknown): message is WorkerReady {
  return typeof message === 'object' && message !== null && 'ready' in message;
}
