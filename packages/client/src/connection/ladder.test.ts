import { describe, expect, it } from 'vitest';
import type { Transport, TransportMemory } from '../base/ports.js';
import { Ladder } from './ladder.js';

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

const ladder = (memory?: TransportMemory): Ladder => new Ladder([best!, middle!, last!], memory);

describe('the choice of a transport', () => {
  it('CLI-7: goes down a step with each failure, at once, and begins anew after the last', () => {
    const l = ladder();
    expect([l.transport, l.why, l.hurried]).toEqual([best, 'preferred', true]);
    expect(l.failed()).toBe(true);
    expect([l.transport, l.why, l.hurried]).toEqual([middle, 'fallback', true]);
    expect(l.failed()).toBe(true);
    expect([l.transport, l.hurried]).toEqual([last, false]);
    expect(l.failed()).toBe(false);
    expect([l.transport, l.why]).toEqual([best, 'preferred']);
  });

  it('CLI-17: one that has worked is left after three failures only', () => {
    const l = ladder();
    l.connected();
    expect(l.hurried).toBe(false);
    expect([l.failed(), l.failed(), l.transport]).toEqual([false, false, best]);
    expect([l.failed(), l.transport]).toEqual([true, middle]);
  });

  it('CLI-7: two connections in a row that end young speak against it, one does not', () => {
    const l = ladder();
    for (const livedMs of [9_999, 10_000, 9_999]) {
      l.connected();
      l.lost(livedMs);
      expect(l.transport).toBe(best);
    }
    l.connected();
    l.lost(100);
    expect([l.transport, l.why]).toEqual([middle, 'fallback']);
  });

  it('CLI-17: what got through is remembered, and tried first', () => {
    const memory = createMemory();
    const l = ladder(memory);
    l.failed();
    l.connected();
    expect(memory.name).toBe('middle');
    const next = ladder(memory);
    expect([next.transport, next.why]).toEqual([middle, 'remembered']);
  });

  it('CLI-17: the best needs no remembering, and a name that is none of ours is forgotten', () => {
    const memory = createMemory('of another release');
    const l = ladder(memory);
    expect([l.transport, l.why]).toEqual([best, 'preferred']);
    l.connected();
    expect(memory.name).toBeUndefined();
  });

  it('CLI-8: climbs, and forgets what it had to remember', () => {
    const memory = createMemory('last');
    const l = ladder(memory);
    expect(l.at).toBe(2);
    l.climb(0);
    expect([l.at, l.why, memory.name]).toEqual([0, 'upgraded', undefined]);
  });

  it('another network is another beginning', () => {
    const l = ladder();
    l.failed();
    l.reset();
    expect([l.transport, l.why]).toEqual([best, 'preferred']);
  });

  it('CLI-14: where nothing listens no other is tried, neither now nor next', () => {
    const l = ladder();
    for (let i = 0; i < 5; i++) expect([l.failed('refused'), l.transport]).toEqual([false, best]);
  });

  it('CLI-14: where nobody may have answered, the one that has worked is tried again, later', () => {
    const l = ladder();
    // Nothing has worked yet: it may be the network that lets no other through.
    expect([l.failed(), l.failed('perhaps'), l.transport]).toEqual([true, true, last]);
    l.climb(0);
    for (let i = 0; i < 2; i++) l.failed();
    expect([l.failed(), l.transport]).toEqual([true, middle]);
    expect([l.failed('perhaps'), l.transport, l.why]).toEqual([false, best, 'preferred']);
    l.reset();
    expect([l.failed(), l.failed('perhaps'), l.transport]).toEqual([true, true, last]);
  });

  it('CLI-14: what cuts one transport without a word does not keep a client from the next for ever', () => {
    const l = ladder();
    l.connected();
    for (let i = 0; i < 2; i++) l.failed();
    // The best is answered with a refusal, and the middle one is cut.
    for (let round = 0; round < 3; round++) {
      expect([l.failed(), l.transport]).toEqual([true, middle]);
      expect([l.failed('perhaps'), l.transport]).toEqual([false, best]);
    }
    expect([l.failed(), l.transport]).toEqual([true, middle]);
    expect([l.failed('perhaps'), l.transport]).toEqual([true, last]);
  });

  it('a pinned transport is the only one', () => {
    const l = new Ladder([last!], undefined);
    expect([l.failed(), l.transport, l.hurried]).toEqual([false, last, false]);
  });
});
