import { MemoryStore, type MemoryStoreOptions } from '@longwave/core';
import { type RulesOf, checkOptions, option } from '@longwave/protocol';
import { makeId } from './make-id.js';
import { createNodeClock } from './node-clock.js';

/** Options of {@link memory}. */
export type MemoryOptions = Omit<MemoryStoreOptions, 'clock' | 'makeId'>;

const rules: RulesOf<MemoryOptions> = {
  maxProducers: option.wholeNumber(1),
  maxLogs: option.wholeNumber(1),
  maxBytes: option.wholeNumber(1),
};

/**
 * Creates a store in the memory of this process, the default of `createServer`. Its contents end with the process, and
 * clients learn that by a reset. Throws `TypeError` or `RangeError` on an unknown or invalid option.
 * @example
 * ```ts
 * const server = createServer({ channels, store: memory() });
 * ```
 */
export function memory(options: MemoryOptions = {}): MemoryStore {
  checkOptions('memory', options, rules);
  return new MemoryStore({ clock: createNodeClock(), makeId, ...options });
}
