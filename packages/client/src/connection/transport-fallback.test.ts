import { describe, expect, it } from 'vitest';
import type { Transport, TransportMemory } from '../base/ports.js';
import { TransportFallback } from './transport-fallback.js';

const named = (name: string): Transport => ({
  name,
  connect: () => {
    throw new Error('not used');
  },
});
const [best, middle, last] = [named('best'), named('middle'), named('last')];

function createMemory(remembered?: string): TransportMemory & { name: string | undefined } {
  return {
    name: remembered,
    get() {
      return this.name;
    },
    set(name) {
      this.name = name;
    },
  };
}

const createFallback = (memory?: TransportMemory): TransportFallback =>
  new TransportFallback([best!, middle!, last!], memory);

describe('the choice of a transport', () => {
  it('CLI-7: goes down a step with each failure, at once, and begins anew after the last', () => {
    const fallback = createFallback();
    expect([fallback.transport, fallback.why, fallback.hurried]).toEqual([best, 'preferred', true]);
    expect(fallback.failed()).toBe(true);
    expect([fallback.transport, fallback.why, fallback.hurried]).toEqual([middle, 'fallback', true]);
    expect(fallback.failed()).toBe(true);
    expect([fallback.transport, fallback.hurried]).toEqual([last, false]);
    expect(fallback.failed()).toBe(false);
    expect([fallback.transport, fallback.why]).toEqual([best, 'preferred']);
  });

  it('CLI-17: one that has worked is left after three failures only', () => {
    const fallback = createFallback();
    fallback.connected();
    expect(fallback.hurried).toBe(false);
    expect([fallback.failed(), fallback.failed(), fallback.transport]).toEqual([false, false, best]);
    expect([fallback.failed(), fallback.transport]).toEqual([true, middle]);
  });

  it('CLI-7: two connections in a row that end young speak against it, one does not', () => {
    const fallback = createFallback();
    for (const livedMs of [9_999, 10_000, 9_999]) {
      fallback.connected();
      fallback.lost(livedMs);
      expect(fallback.transport).toBe(best);
    }
    fallback.connected();
    fallback.lost(100);
    expect([fallback.transport, fallback.why]).toEqual([middle, 'fallback']);
  });

  it('CLI-17: what got through is remembered, and tried first', () => {
    const memory = createMemory();
    const fallback = createFallback(memory);
    fallback.failed();
    fallback.connected();
    expect(memory.name).toBe('middle');
    const next = createFallback(memory);
    expect([next.transport, next.why]).toEqual([middle, 'remembered']);
  });

  it('CLI-17: the best needs no remembering, and a name that is none of ours is forgotten', () => {
    const memory = createMemory('of another release');
    const fallback = createFallback(memory);
    expect([fallback.transport, fallback.why]).toEqual([best, 'preferred']);
    fallback.connected();
    expect(memory.name).toBeUndefined();
  });

  it('CLI-8: climbs, and forgets what it had to remember', () => {
    const memory = createMemory('last');
    const fallback = createFallback(memory);
    expect(fallback.at).toBe(2);
    fallback.climb(0);
    expect([fallback.at, fallback.why, memory.name]).toEqual([0, 'upgraded', undefined]);
  });

  it('another network is another beginning', () => {
    const fallback = createFallback();
    fallback.failed();
    fallback.reset();
    expect([fallback.transport, fallback.why]).toEqual([best, 'preferred']);
  });

  it('CLI-14: where nothing listens no other is tried, neither now nor next', () => {
    const fallback = createFallback();
    for (let i = 0; i < 5; i++) expect([fallback.failed('refused'), fallback.transport]).toEqual([false, best]);
  });

  it('CLI-14: where nobody may have answered, the one that has worked is tried again, later', () => {
    const fallback = createFallback();
    // Nothing has worked yet: it may be the network that lets no other through.
    expect([fallback.failed(), fallback.failed('perhaps'), fallback.transport]).toEqual([true, true, last]);
    fallback.climb(0);
    for (let i = 0; i < 2; i++) fallback.failed();
    expect([fallback.failed(), fallback.transport]).toEqual([true, middle]);
    expect([fallback.failed('perhaps'), fallback.transport, fallback.why]).toEqual([false, best, 'preferred']);
    fallback.reset();
    expect([fallback.failed(), fallback.failed('perhaps'), fallback.transport]).toEqual([true, true, last]);
  });

  it('CLI-14: what cuts one transport without a word does not keep a client from the next for ever', () => {
    const fallback = createFallback();
    fallback.connected();
    for (let i = 0; i < 2; i++) fallback.failed();
    // The best is answered with a refusal, and the middle one is cut.
    for (let round = 0; round < 3; round++) {
      expect([fallback.failed(), fallback.transport]).toEqual([true, middle]);
      expect([fallback.failed('perhaps'), fallback.transport]).toEqual([false, best]);
    }
    expect([fallback.failed(), fallback.transport]).toEqual([true, middle]);
    expect([fallback.failed('perhaps'), fallback.transport]).toEqual([true, last]);
  });

  it('a pinned transport is the only one', () => {
    const fallback = new TransportFallback([last!], undefined);
    expect([fallback.failed(), fallback.transport, fallback.hurried]).toEqual([false, last, false]);
  });
});
