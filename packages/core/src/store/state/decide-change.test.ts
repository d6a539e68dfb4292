import fc from 'fast-check';
import type { Operation, StateBounds } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import type { NewOperation } from '../../base/ports.js';
import { type LeaseTerms, type StateBefore, decideChange, expiryOf } from './decide-change.js';

const wide: StateBounds = { keys: 100, bytes: 10_000, removals: 100 };
const empty: StateBefore = {
  ...{ before: undefined, lease: undefined, top: 0, standsAt: -Infinity },
  ...{ size: 0, bytes: 0, now: 7 },
};
const ada: Operation = { offset: 3, time: 1, payload: '"ada"', key: 'x', user: 'u1' };
const held: StateBefore = { ...empty, before: ada, top: 5, size: 2, bytes: 20 };
const put = (more: Partial<NewOperation> = {}): NewOperation => ({ key: 'x', payload: '1', user: 'u1', ...more });

describe('a put', () => {
  it('is stored next, with the time of the store', () => {
    const { ops, offset, remembered } = decideChange(put({ id: 'm', delta: '{}' }), held, wide);
    expect(ops).toEqual([{ offset: 6, time: 7, payload: '1', key: 'x', user: 'u1', id: 'm', delta: '{}' }]);
    expect([offset, remembered]).toEqual([6, true]);
  });

  it.each([
    ['of an entry that is not there', empty, 3, 0],
    ['of another version', held, 0, 3],
  ])('MAP-3: that expects the version %s is refused', (_, state, expectWrong, version) => {
    const message = `The entry has version ${version}, not ${expectWrong}.`;
    expect(() => decideChange(put({ expect: expectWrong }), state, wide)).toThrow(
      expect.objectContaining({ code: 'conflict', message }),
    );
    expect(decideChange(put({ expect: version }), state, wide).ops).toHaveLength(1);
  });

  it('without a time to live lasts, with one it is held by who asked', () => {
    const lease: LeaseTerms = { ttlMs: 5, holder: 'n1', rank: 1 };
    expect(decideChange(put({ rank: 1 }), { ...held, lease }, wide).lease?.ttlMs).toBeUndefined();
    const moved = put({ ttlMs: 9, holder: 'n2', rank: 2 });
    expect(decideChange(moved, { ...held, lease }, wide).lease).toEqual({ ttlMs: 9, holder: 'n2', rank: 2 });
  });

  it.each([undefined, 1])('of rank %s takes the place of nothing that is held with rank 2', (rank) => {
    const state = { ...held, lease: { rank: 2 } };
    expect(decideChange(put({ rank }), state, wide)).toEqual({ offset: 3, standsAt: -Infinity, remembered: true });
    expect(decideChange(put({ rank: 2 }), state, wide).ops).toHaveLength(1);
    // A lease counts for nothing once its entry is gone.
    expect(decideChange(put({ rank }), { ...state, before: undefined }, wide).ops).toHaveLength(1);
  });

  it.each([
    ['text', '"ada"', '"ada"', '"bob"'],
    ['bytes', Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    ['bytes, of another length', Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3)],
  ])('that asks to be stored only if it changes something is compared by its content: %s', (_, now, same, other) => {
    const state = { ...held, before: { ...ada, payload: now } };
    const asked = { ifChanged: true, ttlMs: 4 } as const;
    const unchanged = decideChange(put({ ...asked, payload: same }), state, wide);
    expect([unchanged.ops, unchanged.offset, unchanged.lease?.ttlMs]).toEqual([undefined, 3, 4]);
    expect(decideChange(put({ ...asked, payload: other }), state, wide).ops).toHaveLength(1);
    expect(decideChange(put({ ...asked, payload: same, user: 'u2' }), state, wide).ops).toHaveLength(1);
    expect(decideChange(put({ payload: same }), state, wide).ops).toHaveLength(1);
  });
});

describe('a delete', () => {
  it('is stored without a payload and ends the lease', () => {
    const { ops, lease } = decideChange(put({ kind: 'delete', payload: 'x', id: 'm' }), held, wide);
    expect(ops).toEqual([{ offset: 6, time: 7, payload: '', key: 'x', kind: 'delete', user: 'u1', id: 'm' }]);
    expect(lease).toEqual({});
  });

  it('of nothing stores nothing', () => {
    const { ops, offset } = decideChange(put({ kind: 'delete' }), { ...held, before: undefined }, wide);
    expect([ops, offset]).toEqual([undefined, 5]);
  });
});

describe('MAP-6: bounds', () => {
  const full = expect.objectContaining({ code: 'too-many', message: 'The channel holds 2 entries, and no more.' });
  const large = expect.objectContaining({ code: 'too-large' });

  it('of keys refuse one more, and no change of what is there', () => {
    const bounds = { ...wide, keys: 2 };
    expect(() => decideChange(put(), { ...held, before: undefined }, bounds)).toThrow(full);
    expect(decideChange(put(), held, bounds).ops).toHaveLength(1);
  });

  it('of bytes count the key of a new entry, and not the value that goes', () => {
    const bounds = { ...wide, bytes: 20 };
    expect(decideChange(put({ payload: '12345' }), held, bounds).ops).toHaveLength(1);
    expect(() => decideChange(put({ payload: '123456' }), held, bounds)).toThrow(large);
    const another = { ...held, before: undefined, bytes: 17 };
    expect(decideChange(put({ payload: '12' }), another, bounds).ops).toHaveLength(1);
    expect(() => decideChange(put({ payload: '123' }), another, bounds)).toThrow(large);
  });

  it('of bytes are counted as the store counts', () => {
    const twice = (payload: string | Uint8Array) => payload.length * 2;
    expect(() => decideChange(put(), empty, { ...wide, bytes: 3 }, twice)).toThrow(large);
    expect(decideChange(put(), empty, { ...wide, bytes: 4 }, twice).ops).toHaveLength(1);
  });
});

describe('a touch', () => {
  const touch = put({ kind: 'touch', holder: 'n1', ttlMs: 9, rank: 8 });

  it('moves the time of an entry, for its holder and with the rank it has', () => {
    const lease: LeaseTerms = { ttlMs: 5, holder: 'n1', rank: 2 };
    const decision = decideChange(touch, { ...held, lease }, wide);
    expect(decision).toMatchObject({
      offset: 5,
      standsAt: -Infinity,
      remembered: false,
      lease: { ttlMs: 9, holder: 'n1', rank: 2 },
    });
  });

  it.each([undefined, { ttlMs: 5, holder: 'n2' }, { ttlMs: 5 }])('moves nothing that %j holds', (lease) => {
    expect(decideChange(touch, { ...held, lease }, wide)).toEqual({
      offset: 5,
      standsAt: -Infinity,
      remembered: false,
    });
  });
});

describe('STATE-6: a load', () => {
  const load: NewOperation = { kind: 'load', payload: '[["x",1],["y",{"n":2}]]', at: 4 };

  it('is stored where there is nothing, in the order it is given', () => {
    const { ops, offset, standsAt, lease } = decideChange(load, empty, wide);
    expect(ops?.map(({ offset: at, key, payload }) => [at, key, payload])).toEqual([
      [1, 'x', '1'],
      [2, 'y', '{"n":2}'],
    ]);
    expect([offset, standsAt, lease]).toEqual([2, 4, undefined]);
  });

  it('of nothing says where the state stands all the same', () => {
    expect(decideChange({ ...load, payload: '[]' }, empty, wide)).toMatchObject({
      ...{ ops: [], offset: 0, standsAt: 4, remembered: false },
    });
  });

  it('stores nothing where something is or was, and moves nothing', () => {
    expect(decideChange(load, { ...empty, top: 1 }, wide)).toEqual({
      offset: 1,
      standsAt: -Infinity,
      remembered: false,
    });
    expect(decideChange(load, { ...empty, standsAt: 2 }, wide)).toEqual({ offset: 0, standsAt: 2, remembered: false });
  });

  it('MAP-6: beyond the bounds is refused', () => {
    const refused = (bounds: Partial<StateBounds>) => () => decideChange(load, empty, { ...wide, ...bounds });
    expect(refused({ keys: 1 })).toThrow(expect.objectContaining({ code: 'too-many' }));
    expect(refused({ bytes: 22 })).toThrow(expect.objectContaining({ code: 'too-large' }));
    expect(refused({ bytes: 23 })).not.toThrow();
  });

  it.each([3, 4])('makes a change of %s that it includes already a duplicate', (at) => {
    const state = { ...held, standsAt: 4 };
    expect(decideChange(put({ at, expect: 99 }), state, wide)).toEqual({ offset: 5, standsAt: 4, remembered: true });
    expect(decideChange(put({ at: 5 }), state, wide)).toMatchObject({ offset: 6, standsAt: 5 });
  });
});

it('MAP-4: what ends an entry is of its user', () => {
  expect(expiryOf(ada, 5, 9)).toEqual({ offset: 6, time: 9, payload: '', key: 'x', kind: 'expire', user: 'u1' });
});

const changes = fc.array(
  fc.record({
    key: fc.constantFrom('', 'a', 'bb'),
    kind: fc.constantFrom(undefined, 'put', 'delete'),
    payload: fc.string({ maxLength: 6 }),
    expect: fc.option(fc.nat(4), { nil: undefined, freq: 5 }),
    at: fc.option(fc.nat(9), { nil: undefined }),
    ifChanged: fc.constantFrom(undefined, true as const),
  }),
);

it('MAP-6: any changes in a row keep the bounds, number what is stored without a gap, and never move the state back', () => {
  fc.assert(
    fc.property(changes, (entries) => {
      const bounds = { keys: 2, bytes: 10, removals: 0 };
      const kept = new Map<string, Operation>();
      const bytesKept = () => [...kept].reduce((sum, [key, { payload }]) => sum + key.length + payload.length, 0);
      let [top, standsAt] = [0, -Infinity];
      for (const entry of entries) {
        const before = kept.get(entry.key);
        const state = { ...empty, before, top, standsAt, size: kept.size, bytes: bytesKept() };
        try {
          const { ops = [], offset, standsAt: next } = decideChange(entry, state, bounds);
          expect(next).toBeGreaterThanOrEqual(standsAt);
          expect(ops.map((op) => op.offset)).toEqual(ops.map((_, i) => top + 1 + i));
          if (ops.length > 0) expect(offset).toBe(top + ops.length);
          standsAt = next;
          top += ops.length;
          for (const op of ops) {
            if (op.kind === 'delete') kept.delete(op.key);
            else kept.set(op.key, op);
          }
        } catch (error) {
          expect(error).toHaveProperty('code', expect.stringMatching(/^(conflict|too-many|too-large)$/));
        }
        expect(kept.size).toBeLessThanOrEqual(bounds.keys);
        expect(bytesKept()).toBeLessThanOrEqual(bounds.bytes);
      }
    }),
  );
});
