import type { Store } from '@longwave/core';
import { openStore } from './open-store.js';
import type { LmdbOptions } from './options.js';
import { machineClock } from './records/store-clock.js';

export type { LmdbOptions } from './options.js';
export { StoreError } from './files/store-error.js';

/**
 * Creates a store on the disk of this machine, which any number of its processes can share. It acknowledges a publish
 * when it is on the disk. Throws `StoreError` when the directory or the file cannot be used, with the reason, and
 * `TypeError` on an unknown or invalid option.
 * @example
 * ```ts
 * const server = createServer({ channels, store: lmdb({ path: 'data' }) });
 * ```
 */
export function lmdb(options: LmdbOptions): Store {
  return openStore(options, machineClock);
}
