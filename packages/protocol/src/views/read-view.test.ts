import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readView } from './read-view.js';

const area = { at: ['x', 'y'], box: [0, 0, 1, 1] };
const many = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);
const fields = (count: number) => Object.fromEntries(many(count).map((name) => [name, 1]));

describe('VIEW-1: a view', () => {
  it.each<[string, object]>([
    ['that asks for nothing', {}],
    ['of keys', { keys: many(1000) }],
    ['with the slowest rate', { rate: 0.001 }],
    ['with the fastest rate', { rate: 1000 }],
    ['that is a count', { count: true }],
    ['of values that equal something', { where: { a: null, b: 1, c: 'x', d: false } }],
    ['of values in a range', { where: { a: { gt: 1, lte: 2 }, b: { gte: 'a', lt: 'b' } } }],
    ['of values in a list', { where: { a: { in: [1, 'x', null] }, b: { has: 'x' }, c: { ne: null, eq: 1 } } }],
    ['with as many fields as there may be', { where: fields(16) }],
    ['of the longest list', { where: { a: { in: many(100) } } }],
    ['of a box', { area }],
    ['of a box that is a point', { area: { ...area, box: [1, 1, 1, 1] } }],
    ['of a circle', { area: { at: ['x', 'y'], circle: [0, 0, 0], margin: 10 } }],
  ])('%s is understood as it was written', (_, view) => {
    expect(readView(view)).toBe(view);
  });

  it.each<[why: RegExp, view: unknown]>([
    [/^A view is an object/, null],
    [/^A view is an object/, []],
    [/^A view is an object/, 'x'],
    [/^A view has no 'filter'/, { filter: {} }],
    [/^'keys' is a list/, { keys: 'x' }],
    [/^'keys' is a list/, { keys: [1] }],
    [/^'keys' is a list of at most 1000/, { keys: many(1001) }],
    [/^'rate'/, { rate: 0 }],
    [/^'rate'/, { rate: 1001 }],
    [/^'rate'/, { rate: Infinity }],
    [/^'rate'/, { rate: '1' }],
    [/^'count'/, { count: false }],
    [/^'where' is an object/, { where: [] }],
    [/^'where' has at most 16/, { where: fields(17) }],
    [/^The condition on 'b'/, { where: { a: 1, b: {} } }],
    [/^The condition on 'a'/, { where: { a: [1] } }],
    [/^The condition on 'a'/, { where: { a: { like: 'x' } } }],
    [/^The condition on 'a'/, { where: { a: { gt: 1, like: 'x' } } }],
    [/^The condition on 'a'/, { where: { a: { gt: true } } }],
    [/^The condition on 'a'/, { where: { a: { lt: NaN } } }],
    [/^The condition on 'a'/, { where: { a: { eq: {} } } }],
    [/^The condition on 'a'/, { where: { a: { in: 'x' } } }],
    [/^The condition on 'a'/, { where: { a: { in: [[]] } } }],
    [/^The condition on 'a'/, { where: { a: { in: many(101) } } }],
    [/^'area' is an object/, { area: [] }],
    [/^'area.at'/, { area: { ...area, at: ['x'] } }],
    [/^'area.at'/, { area: { ...area, at: ['x', 1] } }],
    [/^'area.margin'/, { area: { ...area, margin: 10.1 } }],
    [/^'area.margin'/, { area: { ...area, margin: -1 } }],
    [/either a 'box' or a 'circle'/, { area: { at: ['x', 'y'] } }],
    [/either a 'box' or a 'circle'/, { area: { ...area, circle: [0, 0, 1] } }],
    [/^'area.box'/, { area: { ...area, box: [0, 0, 1] } }],
    [/^'area.box'/, { area: { ...area, box: [2, 0, 1, 1] } }],
    [/^'area.box'/, { area: { ...area, box: [0, 2, 1, 1] } }],
    [/^'area.circle'/, { area: { at: ['x', 'y'], circle: [0, 0, -1] } }],
    [/^'area.circle'/, { area: { at: ['x', 'y'], circle: [0, 0, null] } }],
  ])('is refused with %s: %j', (why, view) => {
    expect(readView(view)).toMatch(why);
  });

  it('is itself or a reason, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const read = readView(value);
        if (typeof read === 'string') expect(read).toMatch(/\.$/);
        else expect(read).toBe(value);
      }),
    );
  });
});
