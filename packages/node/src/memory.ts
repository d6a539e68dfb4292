import { MemoryStore, type MemoryStoreOptions } from '@longwave/core';
import { makeId } from './make-id.js';
import { createNodeClock } from './node-clock.js';

export type MemoryOptions = Omit<MemoryStoreOptions, 'clock' | 'makeId'>;

/** A store in this process's memory: the default. Nothing survives the process, and clients are told so by a reset. */
export function memory(options: MemoryOptions = {}): MemoryStore {
  return new MemoryStore({ clock: createNodeClock(), makeId, ...options });
}
