import { describe, expect, it } from 'vitest';
import { createLatencies, quantile } from './latencies.js';

describe('latencies', () => {
  it('are summed up by median, 95th percentile and the worst', () => {
    const latencies = createLatencies(100);
    expect(latencies.summary()).toBeUndefined();
    for (let ms = 100; ms >= 1; ms--) latencies.add(ms);
    expect(latencies.summary()).toEqual({ medianMs: 50, highMs: 95, worstMs: 100 });
  });

  it('keep the latest', () => {
    const latencies = createLatencies(3);
    for (const ms of [900, 1, 2, 3]) latencies.add(ms);
    expect(latencies.summary()).toEqual({ medianMs: 2, highMs: 3, worstMs: 3 });
  });

  it('take a quantile that was measured, of however few', () => {
    expect(quantile([5], 0.5)).toBe(5);
    expect(quantile([1, 2], 0.5)).toBe(1);
    expect(quantile([1, 2], 0.95)).toBe(2);
  });
});
