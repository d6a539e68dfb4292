import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelKey, parseLevelKey } from '../../shared/ticker/level-key.js';
import { ladderOf } from './ladder.js';

describe('the ladder', () => {
  it('has the best of both sides in the middle, however the levels come', () => {
    const levels = new Map([
      ['b:99.98', 100],
      ['a:100.10', 400],
      ['b:100.00', 200],
      ['a:100.02', 50],
      ['b:9.99', 900],
      ['x', 1],
    ]);
    expect(ladderOf(levels, 2)).toEqual({
      asks: [
        { price: 100.1, size: 400, share: 1 },
        { price: 100.02, size: 50, share: 0.125 },
      ],
      bids: [
        { price: 100, size: 200, share: 0.5 },
        { price: 99.98, size: 100, share: 0.25 },
      ],
      spread: 0.02,
    });
  });

  it('is empty before the book is there', () => {
    expect(ladderOf(new Map(), 5)).toEqual({ asks: [], bids: [], spread: undefined });
    expect(ladderOf(new Map([['b:1.00', 1]]), 5).spread).toBeUndefined();
  });

  it('reads every key that names a level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e8 }), fc.constantFrom('bid' as const, 'ask' as const), (cents, side) => {
        expect(parseLevelKey(levelKey(side, cents))).toEqual({ side, price: cents / 100 });
      }),
    );
    for (const bad of ['', 'b:', 'c:1.00', 'b:1', 'b:1.000', 'b:-1.00', 'b:1.00 ']) {
      expect(parseLevelKey(bad)).toBeUndefined();
    }
  });
});
