import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelKeys, shardOf } from './keys.js';
import { slotOf } from './topology/hash-slot.js';

describe('keys', () => {
  it('of a shard share its hash tag, whatever the channel is called', () => {
    fc.assert(
      fc.property(fc.string(), (channel) => {
        for (const key of Object.values(channelKeys('x:', 7, channel))) expect(key).toMatch(/^\{x:7\}/);
      }),
    );
  });

  it('of two channels are never the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        fc.pre(a !== b);
        const names = (channel: string) => {
          const { shard, changes, leases, forgotten, ...own } = channelKeys('x:', 0, channel);
          expect(new Set([shard, changes, leases, forgotten]).size).toBe(4);
          return Object.values(own);
        };
        expect(new Set([...names(a), ...names(b)]).size).toBe(names(a).length + names(b).length);
      }),
    );
  });
});

describe('shards', () => {
  it('are the same for all time', () => {
    expect(['', 'a', 'chat/lobby', 'é😀'].map((channel) => shardOf(channel, 128))).toEqual([1, 71, 89, 74]);
  });

  it('take about as many channels each, also of names that differ in a number', () => {
    const counts = Array.from({ length: 64 }, () => 0);
    for (let i = 0; i < 64_000; i++) counts[shardOf(`room/${i}`, 64)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });

  it('are in the slot that Redis says', () => {
    // CLUSTER KEYSLOT of these.
    expect(['123456789', 'longwave:17', ''].map(slotOf)).toEqual([12739, 335, 0]);
  });
});
