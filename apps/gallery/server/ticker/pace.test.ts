import { describe, expect, it } from 'vitest';
import { createPace } from './pace.js';

describe('the pace', () => {
  it('holds a rate to the fraction, however unevenly it is asked', () => {
    const pace = createPace(0);
    let sum = 0;
    for (let now = 0; now <= 10_000; now += 1 + (now % 7)) sum += pace.due(now, 333);
    expect(sum).toBeGreaterThanOrEqual(3327);
    expect(sum).toBeLessThanOrEqual(3330);
  });

  it('makes up for no more than a moment, and nothing when the clock goes back', () => {
    const pace = createPace(0);
    expect(pace.due(60_000, 1000)).toBe(250);
    expect(pace.due(50_000, 1000)).toBe(0);
    expect(pace.due(50_100, 1000)).toBe(100);
    expect(pace.due(50_200, 0)).toBe(0);
  });
});
