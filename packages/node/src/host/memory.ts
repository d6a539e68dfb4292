import { MemoryStore, type MemoryStoreOptions } from '@longwave/core';
import { type RulesOf, checkOptions, option } from '@longwave/protocol';
import { makeId } from './make-id.js';
import { createNodeClock } from './node-clock.js';

export type MemoryOptions = Omit<MemoryStoreOptions, 'clock' | 'makeId'>;

const rules: RulesOf<MemoryOptions> = {
  maxProducers: option.wholeNumber(1),
  maxLogs: option.wholeNumber(1),
  maxBytes: option.wholeNumber(1),
};

/**
 * A store in this process's memory: the default. Nothing survives the process, and clients are told so by a reset. Throws `TypeError`
 * on an option that is none.
 */
export function memory(options: MemoryOptions = {}): MemoryStore {
  checkOptions('memory', options, rules);
  return new MemoryStore({ clock: createNodeClock(), makeId, ...options });
}
