import { MemoryStore, type Store } from '@longwave/core';
import { expect, it } from 'vitest';
import { plantedBugs } from './bugs.js';
import { plantInStore } from './in-store.js';

const retain = { count: 100, bytes: 1e6, ageMs: Infinity };
const open = (): Store => new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'a' });

it('leaves the store as it is where no bug is planted', () => {
  const store = open();
  expect(plantInStore(store, undefined)).toBe(store);
  expect(plantInStore(store, 'swap-two')).toBe(store);
});

it('has names that differ, and each says what it is caught by or that it is absorbed', () => {
  expect(new Set(plantedBugs.map(({ name }) => name)).size).toBe(plantedBugs.length);
  expect(plantedBugs.filter(({ caughtBy }) => caughtBy !== undefined).length).toBeGreaterThanOrEqual(12);
});

it('acknowledges what it does not store', async () => {
  const store = plantInStore(open(), 'ack-before-append');
  for (let i = 0; i < 1000; i++) await store.append('log/a', { payload: '1' }, retain);
  expect(await store.bounds('log/a')).toMatchObject({ top: 999 });
});

it('loses the end of each log and goes on under the same name', async () => {
  const store = plantInStore(open(), 'lose-tail-silently');
  for (let i = 0; i < 1500; i++) await store.append('log/a', { payload: '1' }, retain);
  const { offset, epoch } = await store.append('log/a', { payload: '1' }, retain);
  expect(offset).toBeLessThan(1501);
  expect(await store.bounds('log/a')).toMatchObject({ epoch });
});

it('puts one in 100 into the log of another channel, whichever the channel is', async () => {
  for (const channel of ['log/l0', 'log/l1']) {
    const store = plantInStore(open(), 'wrong-channel');
    for (let i = 0; i < 500; i++) await store.append(channel, { payload: '1' }, retain);
    expect(await store.bounds(channel)).toMatchObject({ top: 495 });
  }
});
