import type { StoreService } from './store-service.js';

/** In the node's own memory: who is killed forgets everything, and says so by its epoch. */
export async function startMemory(): Promise<StoreService> {
  return {
    name: 'memory',
    rules: { forgets: true, losesTail: false },
    levels: ['memory'],
    maxNodes: 1,
    faults: {},
    port: undefined,
    choice: () => ({ kind: 'memory' }),
    stop: async () => undefined,
  };
}
