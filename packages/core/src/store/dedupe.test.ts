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

describe('a store with its default bounds', () => {
  const tooOld = expect.objectContaining({ code: 'too-old' });

  function openStore() {
    const store = new MemoryStore({ clock: { now: () => 1 }, makeId: () => 'epoch' });
    const few = { ...retain, count: 1 };
    return (user: string | undefined, id: string, seq: number, retry = false, after?: number) =>
      store.append('a', { payload: 'x', user, producer: { id, seq, after }, retry }, few);
  }

  it.each(['mallory', undefined])('PUB-11, PUB-12: 20,000 clients of %s concern nobody else', (user) => {
    const publish = openStore();
    publish('ada', 'a', 1);
    for (let i = 0; i < 20_000; i++) publish(user, `m${i}`, Number.MAX_SAFE_INTEGER - i);
    expect(publish('ada', 'a', 1, true)).toMatchObject({ offset: 1, duplicate: true });
    expect(publish('ada', 'a', 2, true, 1)).toMatchObject({ duplicate: false });
    expect(publish('bob', 'b', 1, true)).toMatchObject({ duplicate: false });
    expect(() => publish(user, 'm0', Number.MAX_SAFE_INTEGER, true)).toThrow(tooOld);
  });

  it('PUB-11: remembers 64 clients of a user, and as many anonymous ones as there is room for', () => {
    const publish = openStore();
    for (let i = 0; i < 10_000; i++) publish(undefined, `${i}`, 1);
    for (let i = 0; i < 65; i++) publish('ada', `a${i}`, 1);
    expect(publish('ada', 'a1', 1, true)).toMatchObject({ duplicate: true });
    expect(() => publish('ada', 'a0', 1, true)).toThrow(tooOld);
    expect(() => publish(undefined, '63', 1, true)).toThrow(tooOld);
    expect(publish(undefined, '64', 1, true)).toMatchObject({ offset: 65, duplicate: true });
  });
});
