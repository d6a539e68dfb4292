import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.js';

/** A model with lists of paths in place of recursion over objects: every leaf of the patch is done to the target by itself. */
function leavesOf(value: unknown, path: readonly string[] = []): { path: readonly string[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ path, value }];
  const here = { path, value: {} };
  return [here, ...Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function patchByLeaves(target: unknown, patch: unknown): unknown {
  const root: Record<string, unknown> = { it: structuredClone(target) };
  for (const { path, value } of leavesOf(patch)) {
    const steps = ['it', ...path];
    const name = steps.pop()!;
    let place = root;
    for (const step of steps) place = place[step] as Record<string, unknown>;
    if (value === null && path.length > 0) delete place[name];
    else if (!isRecord(value)) place[name] = value;
    else if (!isRecord(place[name])) place[name] = {};
  }
  return root['it'];
}

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, 1, 'x', true, [], [null]),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('MAP-5: a merge patch', () => {
  // The examples in the appendix of RFC 7396.
  it.each<[target: unknown, patch: unknown, result: unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('does what each of its leaves does, and leaves its operands as they were', () => {
    fc.assert(
      fc.property(json, json, (target, patch) => {
        const before = JSON.stringify([target, patch]);
        expect(mergePatch(target, patch)).toEqual(patchByLeaves(target, patch));
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('shares what it does not change', () => {
    const target = { a: { n: 1 }, b: { n: 1 } };
    const merged = mergePatch(target, { b: { n: 2 } }) as typeof target;
    expect(merged.a).toBe(target.a);
    expect(merged.b).not.toBe(target.b);
  });

  it('takes names that objects inherit for names like any other', () => {
    const patch: unknown = JSON.parse('{"__proto__":{"evil":true},"constructor":{"n":1}}');
    const merged = mergePatch({}, patch) as Record<string, unknown>;
    expect(Object.keys(merged)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(merged['evil']).toBeUndefined();
    expect(merged['constructor']).toEqual({ n: 1 });
  });
});
