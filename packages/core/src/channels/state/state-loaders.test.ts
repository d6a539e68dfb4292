import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../store/memory-store.js';
import { StateLoaders } from './state-loaders.js';

const bounds = { keys: 10, bytes: 1000, removals: 10 };

describe('channels that are loaded', () => {
  it('STATE-6: are remembered in bounded number, whatever names peers choose', () => {
    const store = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    const loaders = new StateLoaders(store, { error: () => undefined, info: () => undefined });
    const asked: string[] = [];
    loaders.add('own/:id', (channel) => {
      asked.push(channel);
      return {};
    });
    for (let n = 0; n <= 10_000; n++) void loaders.ensure(`own/${n}`, bounds);
    expect(asked).toHaveLength(10_001);
    void loaders.ensure('own/10000', bounds);
    expect(asked).toHaveLength(10_001);
    void loaders.ensure('own/0', bounds);
    expect(asked.at(-1)).toBe('own/0');
  });
});
