import { describe, expect, it } from 'vitest';
import { createSeries } from './series.js';

describe('the series of prices', () => {
  it('rises in time and keeps the last points', () => {
    const series = createSeries(3);
    for (const [at, price] of [
      [1000, 10],
      [2000, 11],
      [1999, 12],
      [3000, 13],
    ] as const) {
      series.add(at, price);
    }
    expect(series.times).toEqual([2, 2, 3]);
    expect(series.prices).toEqual([11, 12, 13]);
  });

  it('draws no line over a time in which the market stood still', () => {
    const series = createSeries(10);
    series.add(1000, 10);
    series.add(61_000, 11);
    series.add(161_000, 12);
    expect(series.times).toEqual([1, 61, 111, 161]);
    expect(series.prices).toEqual([10, 11, null, 12]);
  });
});
