import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceivedOperation } from '../codec/operation.js';
import { EntryTable, type Replacement } from './entry-table.js';

const op = (key: string, version: number, more: Partial<ReceivedOperation> = {}): ReceivedOperation => ({
  ...{ key, version, data: version, time: version },
  ...more,
});
const replacement = (more: Partial<Replacement> = {}): Replacement => ({
  ...{ keep: new Set<string>(), anew: false, sameLog: true, whyGone: () => 'delete' as const },
  ...more,
});
const valuesOf = (table: EntryTable) => Object.fromEntries(table.values);

describe('operations', () => {
  it('add, update and remove entries, and say so', () => {
    const table = new EntryTable();
    expect(table.apply([op('a', 1), op('b', 2)])).toEqual({ added: ['a', 'b'], updated: [], removed: [] });
    const update = table.apply([op('a', 3, { user: 'ada' }), op('b', 4, { kind: 'expire' })]);
    expect(update).toMatchObject({ added: [], updated: ['a'], removed: [{ key: 'b', why: 'expire' }] });
    expect(update?.removed[0]?.last).toMatchObject({ value: 2, version: 2 });
    expect(table.entries.get('a')).toEqual({ key: 'a', value: 3, version: 3, time: 3, user: 'ada' });
    expect(valuesOf(table)).toEqual({ a: 3 });
  });

  it('patch the value before, as a new object', () => {
    const table = new EntryTable();
    table.apply([op('a', 1, { data: { n: 1, m: 1 } })]);
    const before = table.values.get('a');
    expect(table.apply([op('a', 2, { kind: 'patch', data: { n: 2 } })])?.updated).toEqual(['a']);
    expect([before, table.values.get('a')]).toEqual([
      { n: 1, m: 1 },
      { n: 2, m: 1 },
    ]);
  });

  it('change nothing at all where one of them patches what is not there', () => {
    const table = new EntryTable();
    table.apply([op('a', 1), op('b', 2)]);
    const patch = op('c', 5, { kind: 'patch', data: {} });
    expect(table.apply([op('a', 3), op('b', 4, { kind: 'delete' }), op('d', 4), patch])).toBeUndefined();
    expect(valuesOf(table)).toEqual({ a: 1, b: 2 });
    expect(table.entries.get('a')).toMatchObject({ version: 1 });
  });

  it('tell of an entry that came and went within one update as of nothing', () => {
    const table = new EntryTable();
    const update = table.apply([op('a', 1), op('a', 2, { kind: 'delete' })]);
    expect(update).toEqual({ added: [], updated: [], removed: [] });
  });

  it('STATE-5: that are older than what is known change nothing, removals included', () => {
    const table = new EntryTable();
    table.apply([op('a', 5), op('b', 6, { kind: 'delete' })]);
    expect(table.apply([op('a', 4), op('a', 5, { data: 'x', time: 9 }), op('b', 3)])).toEqual({
      ...{ added: [], updated: [], removed: [] },
    });
    table.forgetRemovals(5);
    expect(table.apply([op('b', 3)])?.added).toEqual([]);
    table.forgetRemovals(6);
    expect(table.apply([op('b', 3)])?.added).toEqual(['b']);
  });

  it('STATE-5: make the same entries in any order, however often they come', () => {
    const stored = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c'), kind: fc.constantFrom('put' as const, 'delete' as const) }),
      { maxLength: 12 },
    );
    const shuffled = stored.chain((made) => {
      const ops = made.map(({ key, kind }, i) => op(key, i + 1, { kind }));
      return fc.tuple(fc.constant(ops), fc.shuffledSubarray([...ops, ...ops], { minLength: ops.length * 2 }));
    });
    fc.assert(
      fc.property(shuffled, ([ops, order]) => {
        const [straight, mixed] = [new EntryTable(), new EntryTable()];
        straight.apply(ops);
        for (const one of order) mixed.apply([one]);
        expect(valuesOf(mixed)).toEqual(valuesOf(straight));
      }),
    );
  });
});

describe('STATE-3: a replacement', () => {
  it('takes away what it neither has nor keeps, with its reason', () => {
    const table = new EntryTable();
    table.apply([op('a', 1), op('b', 2), op('c', 3)]);
    const update = table.apply([op('d', 4)], replacement({ keep: new Set(['a']), whyGone: () => 'leave' }));
    expect(update?.added).toEqual(['d']);
    expect(update?.removed.map(({ key, why }) => [key, why])).toEqual([
      ['b', 'leave'],
      ['c', 'leave'],
    ]);
    expect(valuesOf(table)).toEqual({ a: 1, d: 4 });
  });

  it('of the same log leaves the object of an entry that is the same operation', () => {
    const table = new EntryTable();
    table.apply([op('a', 1, { data: { n: 1 } })]);
    const before = table.values.get('a');
    const again = [op('a', 1, { data: { n: 1 } })];
    expect(table.apply(again, replacement())?.updated).toEqual([]);
    expect(table.values.get('a')).toBe(before);
    expect(table.apply(again, replacement({ sameLog: false }))?.updated).toEqual(['a']);
    expect(table.values.get('a')).not.toBe(before);
    // Another time is another operation.
    expect(table.apply([op('a', 1, { data: { n: 2 }, time: 9 })], replacement())?.updated).toEqual(['a']);
  });

  it('of the same state brings nothing older than what is known', () => {
    const table = new EntryTable();
    table.apply([op('a', 5)]);
    table.apply([op('a', 4)], replacement());
    expect(valuesOf(table)).toEqual({ a: 5 });
  });

  it('of another state counts its own versions', () => {
    const table = new EntryTable();
    table.apply([op('a', 50), op('b', 51, { kind: 'delete' })]);
    table.apply([op('a', 2), op('b', 3)], replacement({ anew: true, sameLog: false }));
    expect(valuesOf(table)).toEqual({ a: 2, b: 3 });
  });

  it('that patches what is not there changes nothing', () => {
    const table = new EntryTable();
    table.apply([op('a', 1), op('b', 2)]);
    expect(table.apply([op('a', 3), op('x', 4, { kind: 'patch' })], replacement())).toBeUndefined();
    expect(valuesOf(table)).toEqual({ a: 1, b: 2 });
  });
});
