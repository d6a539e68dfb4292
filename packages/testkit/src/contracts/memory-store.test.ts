import { MemoryStore } from '@longwave/core';
import { storeContract } from './store-contract.js';

storeContract('MemoryStore', () => {
  let now = 1_000_000;
  let ids = 0;
  const store = new MemoryStore({ clock: { now: () => now }, makeId: () => `id${++ids}` });
  return {
    store,
    advance: (byMs) => void (now += byMs),
    forget() {
      now += 3_600_000;
      store.expire();
    },
  };
});
