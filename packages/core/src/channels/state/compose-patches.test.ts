import { mergePatch } from '@longwave/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composePatches } from './compose-patches.js';

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, 1, 'x', []),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('json'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe('two merge patches', () => {
  it.each<[first: unknown, second: unknown, composed: unknown]>([
    [{ a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    [{ a: 1 }, { a: 2 }, { a: 2 }],
    [{ a: 1 }, { a: null }, { a: null }],
    [{ a: null }, { a: 1 }, { a: 1 }],
    [{ a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }],
    [{ a: { x: 1 } }, { a: null }, { a: null }],
    [{}, { a: { x: null } }, { a: { x: null } }],
  ])('%j and then %j are %j', (first, second, composed) => {
    expect(composePatches(first, second)).toEqual(composed);
  });

  it.each<[why: string, first: unknown, second: unknown]>([
    ['the second begins an object where the first removed one', { a: null }, { a: { x: 1 } }],
    ['the second begins an object where the first put a scalar', { a: 1 }, { a: { x: 1 } }],
    ['the same further inside', { a: { b: [] } }, { a: { b: { x: 1 } } }],
    ['the first is no object', 1, { a: 1 }],
    ['the second is no object', { a: 1 }, []],
    ['the second names a prototype', {}, JSON.parse('{"__proto__":1}')],
  ])('are none where %s', (_, first, second) => {
    expect(composePatches(first, second)).toBeUndefined();
  });

  it('as one do what both do, to any value', () => {
    fc.assert(
      fc.property(json, json, json, (target, first, second) => {
        const composed = composePatches(first, second);
        if (composed === undefined) return;
        expect(mergePatch(target, composed)).toEqual(mergePatch(mergePatch(target, first), second));
      }),
    );
  });

  it('are left as they were', () => {
    const [first, second] = [{ a: { x: 1 } }, { a: { y: 2 }, b: 1 }];
    composePatches(first, second);
    expect([first, second]).toEqual([{ a: { x: 1 } }, { a: { y: 2 }, b: 1 }]);
  });
});
