import { MemoryStore } from '@longwave/core';
import { storeContract } from './store-contract.js';

storeContract('MemoryStore', () => {
  let now = 1_000_000;
  const store = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch' });
  return { store, advance: (byMs) => void (now += byMs) };
});
