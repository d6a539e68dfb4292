import type { Store } from '@longwave/core';
import { openStore } from './open-store.js';
import type { LmdbOptions } from './options.js';
import { machineClock } from './records/store-clock.js';

export type { LmdbOptions } from './options.js';
export { StoreError } from './files/store-error.js';

/**
 * A store on the disk of this machine, for any number of its processes: acknowledged means on the disk. Throws `StoreError` when the
 * directory or the file cannot be used, and says why; `TypeError` for options that cannot be.
 */
export function lmdb(options: LmdbOptions): Store {
  return openStore(options, machineClock);
}
