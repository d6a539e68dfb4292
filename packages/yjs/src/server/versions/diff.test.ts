import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Difference, diff, diffText } from './diff.js';

/** What `a` becomes when its differences from `b` are replaced. */
function patch(a: readonly string[], b: readonly string[], differences: readonly Difference[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const one of differences) {
    result.push(...a.slice(at, one.a), ...b.slice(one.b, one.bEnd));
    at = one.aEnd;
  }
  return [...result, ...a.slice(at)];
}

const changed = (differences: readonly Difference[]): number =>
  differences.reduce((sum, { a, aEnd, b, bEnd }) => sum + aEnd - a + bEnd - b, 0);

const words = fc.array(fc.constantFrom('a', 'b', 'c', '\n'), { maxLength: 60 });

it('turns each of two sequences into the other', () => {
  fc.assert(
    fc.property(words, words, (a, b) => {
      for (const way of [diff, diffText]) {
        expect(patch(a, b, way(a, b))).toEqual(b);
        expect(patch(b, a, way(b, a))).toEqual(a);
      }
    }),
    { numRuns: 500 },
  );
});

it('finds the fewest changes', () => {
  const letters = (text: string): string[] => [...text];
  expect(diff(letters('abcabba'), letters('cbabac'))).toHaveLength(4);
  expect(changed(diff(letters('abcabba'), letters('cbabac')))).toBe(5);
  expect(diff(letters('same'), letters('same'))).toEqual([]);
});

it('takes all as one where everything is different, without looking for ever', () => {
  const long = (letter: string): string[] => Array.from({ length: 100_000 }, (_, i) => `${letter}${i}`);
  expect(diff(long('a'), long('b'))).toEqual([{ a: 0, aEnd: 100_000, b: 0, bEnd: 100_000 }]);
});

it('looks into the lines that changed', () => {
  const a = [...'first line\nsecond line\nthird'];
  const b = [...'first line\nsecond lime\nthird'];
  expect(diffText(a, b)).toEqual([{ a: 20, aEnd: 21, b: 20, bEnd: 21 }]);
});
