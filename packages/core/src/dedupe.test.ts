import { describe, expect, it } from 'vitest';
import { MemoryStore } from './memory-store.js';

const retain = { count: 10, bytes: 1e6, ageMs: 1e9 };

function setUp() {
  const store = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch', maxProducers: 1 });
  return (id: string, seq: number, after?: number, retry = false) =>
    store.append('a', { payload: 'x', producer: { id, seq, after }, retry }, retain);
}

describe('a producer that was forgotten for others', () => {
  it('PUB-8: has nothing that counts as stored, so that parallel requests of a newcomer keep their order', () => {
    const publish = setUp();
    publish('p', 9);
    publish('q', 9);
    expect(() => publish('p', 10, 9)).toThrow(expect.objectContaining({ code: 'out-of-order' }));
    expect(() => publish('r', 2, 1)).toThrow(expect.objectContaining({ code: 'out-of-order' }));
    expect([publish('r', 1).offset, publish('r', 2, 1).offset]).toEqual([3, 4]);
  });

  it('PUB-8: goes on once the one it named is answered', () => {
    const publish = setUp();
    publish('p', 9);
    publish('q', 9);
    expect(() => publish('p', 9, undefined, true)).toThrow(expect.objectContaining({ code: 'too-old' }));
    expect(publish('p', 10)).toMatchObject({ offset: 3, duplicate: false });
  });
});
