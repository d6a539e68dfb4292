import { describe, expect, it } from 'vitest';
import { directionOf, formatChange, formatPerSecond, formatPrice, formatShares } from './format.js';

describe('figures of the market', () => {
  it('are prices with two decimals', () => {
    expect([0.5, 101.2, 1234.567].map(formatPrice)).toEqual(['0.50', '101.20', '1,234.57']);
  });

  it('are changes with a sign', () => {
    expect([1.5, -0.25, 0].map(formatChange)).toEqual(['+1.50%', '−0.25%', '±0.00%']);
    expect([1.5, -0.25, 0].map(directionOf)).toEqual(['up', 'down', 'even']);
  });

  it('are shares in a unit that fits', () => {
    expect([300, 1200, 123_456, 12_300_000].map(formatShares)).toEqual(['300', '1.2K', '123K', '12.3M']);
  });

  it('are rates, exact where they are small', () => {
    expect([0, 0.25, 4, 12.4, 20_000].map(formatPerSecond)).toEqual(['0', '0.3', '4.0', '12', '20,000']);
  });
});
