import type { Operation } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateMap } from './state-map.js';

const put = (offset: number, key: string, payload = 'x'): Operation => ({ offset, time: 0, payload, key });
const remove = (offset: number, key: string): Operation => ({ offset, time: 0, payload: '', key, kind: 'delete' });

describe('a state', () => {
  it('has the last operation of each entry, and of each removal that is remembered', () => {
    const state = new StateMap(10);
    for (const op of [put(1, 'a'), put(2, 'b'), remove(3, 'a'), put(4, 'b', 'yy')]) state.apply(op);
    expect([state.get('a'), state.last('a')?.offset, state.get('b')?.offset]).toEqual([undefined, 3, 4]);
    expect([state.size, state.bytes, [...state].map(({ key }) => key)]).toEqual([1, 3, ['b']]);
  });

  it('STATE-4: forgets the oldest removal, gives it back, and says from where on it can tell', () => {
    const state = new StateMap(2);
    for (const [i, key] of ['a', 'b', 'c'].entries()) state.apply(put(i + 1, key));
    expect([state.apply(remove(4, 'b')), state.apply(remove(5, 'a'))]).toEqual([undefined, undefined]);
    expect(state.floor).toBe(0);
    expect(state.apply(remove(6, 'c'))).toMatchObject({ key: 'b', offset: 4 });
    expect([state.floor, state.last('b'), state.last('a')?.offset]).toEqual([4, undefined, 5]);
  });

  it('remembers the removal of an entry that came again and went again as the last one', () => {
    const state = new StateMap(2);
    for (const op of [remove(1, 'a'), remove(2, 'b'), put(3, 'a'), remove(4, 'a')]) state.apply(op);
    expect(state.apply(remove(5, 'c'))).toMatchObject({ key: 'b' });
  });

  it('forgets every removal at once where none is to be remembered', () => {
    const state = new StateMap(0, 7);
    state.apply(put(8, 'a'));
    expect(state.apply(remove(9, 'a'))).toMatchObject({ key: 'a' });
    expect([state.floor, state.size, state.last('a')]).toEqual([9, 0, undefined]);
  });

  it('keeps an entry at its place as long as it or its removal is there, and gives a free place to the next', () => {
    const state = new StateMap(1);
    for (const [i, key] of ['a', 'b', 'c'].entries()) state.apply(put(i + 1, key));
    const place = state.placeOf('b');
    state.apply(put(4, 'b', 'later'));
    state.apply(remove(5, 'b'));
    expect([state.placeOf('b'), state.at(place)?.offset]).toEqual([place, 5]);
    state.apply(remove(6, 'c'));
    expect(state.at(place)).toBeUndefined();
    expect(state.placeOf('d')).toBe(place);
    state.apply(put(7, 'd'));
    expect([state.at(place)?.key, state.places]).toEqual(['d', 3]);
  });

  it('is what a plain map of all operations is, and counts no byte too many', () => {
    const changes = fc.array(
      fc.record({
        key: fc.constantFrom('', 'a', 'bb', 'ccc'),
        payload: fc.string({ maxLength: 5 }),
        gone: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(changes, fc.nat(3), (all, maxRemovals) => {
        const state = new StateMap(maxRemovals);
        const model = new Map<string, Operation>();
        for (const [i, { key, payload, gone }] of all.entries()) {
          const op = gone ? remove(i + 1, key) : put(i + 1, key, payload);
          state.apply(op);
          model.set(key, op);
          const removals = [...model.values()].filter(({ kind }) => kind === 'delete');
          removals.sort((a, b) => a.offset - b.offset);
          for (const old of removals.slice(0, Math.max(0, removals.length - maxRemovals))) model.delete(old.key!);
        }
        const entries = [...model.values()].filter(({ kind }) => kind === undefined);
        expect([...state].toSorted((a, b) => a.offset - b.offset)).toEqual(
          entries.toSorted((a, b) => a.offset - b.offset),
        );
        for (const [key, op] of model) expect([state.last(key), state.at(state.placeOf(key))]).toEqual([op, op]);
        expect(state.size).toBe(entries.length);
        expect(state.bytes).toBe(entries.reduce((sum, { key, payload }) => sum + key!.length + payload.length, 0));
        // Everything removed and forgotten: nothing is held.
        for (const key of ['', 'a', 'bb', 'ccc']) state.apply(remove(1000, key));
        if (maxRemovals === 0) expect([state.bytes, state.heldBytes]).toEqual([0, 0]);
      }),
    );
  });
});
