import { MemoryStore } from '@longwave/core';
import { makeId } from './make-id.js';
import { nodeClock } from './node-clock.js';

export interface MemoryOptions {
  /** Producers remembered for each channel (PUB-2). Default 10,000. */
  readonly maxProducers?: number;
}

/** A store in this process's memory: the default. Nothing survives the process, and clients are told so by a reset. */
export function memory(options: MemoryOptions = {}): MemoryStore {
  return new MemoryStore({ clock: nodeClock, makeId, ...options });
}
