import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  channelKey,
  commitOf,
  countOf,
  countedKey,
  endOfChannel,
  expiryKey,
  expiryOf,
  namedKey,
  partKey,
} from './keys.js';

const number = fc.nat(2 ** 32 - 2);
const count = fc.nat(2 ** 48 - 1);
const name = fc.string({ unit: 'grapheme', maxLength: 1500 });

it('keys are in the order of their numbers, all of a channel before its end', () => {
  fc.assert(
    fc.property(number, count, number, count, name, (one, first, two, second, text) => {
      const order = Math.sign(one - two || first - second);
      expect(Math.sign(Buffer.compare(countedKey(one, first), countedKey(two, second)))).toBe(order);
      expect(Math.sign(Buffer.compare(partKey(first, one), partKey(second, two)))).toBe(
        Math.sign(first - second || one - two),
      );
      for (const key of [countedKey(one, first), namedKey(one, text)]) {
        expect(Buffer.compare(key, endOfChannel(one))).toBe(-1);
      }
      expect(countOf(countedKey(one, first))).toBe(first);
      expect(commitOf(partKey(first, one))).toBe(first);
      expect(expiryOf(expiryKey(first, one, text))).toBe(first);
    }),
  );
});

it('names are told apart, and fit into what LMDB takes however long they are', () => {
  fc.assert(
    fc.property(name, name, (one, two) => {
      expect(namedKey(1, one).equals(namedKey(1, two))).toBe(one === two);
      expect(expiryKey(1, 1, one).equals(expiryKey(1, 1, two))).toBe(one === two);
    }),
  );
  const long = ['x'.repeat(5000), `${'x'.repeat(4999)}y`, '', 'é'.repeat(600)];
  const keys = long.map((text) => channelKey(text).toString('hex'));
  expect(new Set(keys).size).toBe(long.length);
  for (const text of long) expect(expiryKey(1, 1, text).length).toBeLessThan(1978);
});
