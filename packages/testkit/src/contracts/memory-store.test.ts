import { MemoryStore } from '@longwave/core';
import { documentContract } from './document-contract.js';
import { producerContract } from './producer-contract.js';
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

producerContract('MemoryStore', (maxProducers) => ({
  store: new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch', maxProducers }),
}));

documentContract('MemoryStore', () => ({
  store: new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' }),
}));
