import { startMemory } from './memory.js';
import type { StoreService } from './store-service.js';

export const storeNames = ['memory'] as const;
export type StoreName = (typeof storeNames)[number];

/** How each is started, for this many nodes. */
export const stores: Readonly<Record<StoreName, () => Promise<StoreService>>> = {
  memory: startMemory,
};
