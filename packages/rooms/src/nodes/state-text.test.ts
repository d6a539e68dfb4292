import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stateFromText, stateToText } from './state-text.js';

const plain = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, false, 0, -0, Number.NaN, Infinity, -Infinity, 2 ** 53, 10n),
    fc.double(),
    fc.string(),
    fc.date({ noInvalidDate: false }),
    fc.float32Array(),
    fc.uint8Array(),
    fc.array(tie('any')),
    fc.dictionary(fc.oneof(fc.constantFrom('$', 'of', '__proto__'), fc.string()), tie('any'), {
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(fc.oneof(fc.integer(), fc.string()), tie('any'))).map((pairs) => new Map(pairs)),
    fc.array(fc.integer()).map((values) => new Set(values)),
  ),
})).any;

it('ROOM-7: a state is the same after it was kept, whatever plain data it is', () => {
  fc.assert(
    fc.property(plain, (state) => {
      expect(stateFromText(stateToText(state))).toStrictEqual(state);
    }),
  );
});

it.each<readonly [string, unknown, RegExp]>([
  ['a function', { player: new Map([[1, { act: () => 1 }]]) }, /\/player\/1\/act is a function/],
  ['an instance of a class', [new (class Ball {})()], /\/0 is an instance of a class/],
  ['a symbol', Symbol('a'), /It is a symbol/],
])('refuses %s, and says where it is', (_, state, message) => {
  expect(() => stateToText(state)).toThrow(message);
});

it('refuses what contains itself', () => {
  const state: { self?: unknown } = {};
  state.self = state;
  expect(() => stateToText(state)).toThrow(RangeError);
});
