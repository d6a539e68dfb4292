import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

describe('the pace of a line', () => {
  it('adds a delay to whatever passes, and none of its own without conditions', () => {
    const pace = new Pace();
    expect(pace.arrival(100, 5000, { delayMs: 0, bytesPerSecond: undefined })).toBe(100);
    expect(pace.arrival(100, 5000, { delayMs: 250, bytesPerSecond: undefined })).toBe(350);
  });

  it('sends one after the other as they fit through, and the delay overlaps', () => {
    const pace = new Pace();
    const conditions = { delayMs: 100, bytesPerSecond: 1000 };
    expect(pace.arrival(0, 500, conditions)).toBe(600);
    expect(pace.arrival(0, 500, conditions)).toBe(1100);
    expect(pace.arrival(5000, 500, conditions)).toBe(5600);
  });

  it('forgets its jam when the limit is taken away', () => {
    const pace = new Pace();
    pace.arrival(0, 100_000, { delayMs: 0, bytesPerSecond: 1000 });
    expect(pace.arrival(10, 1, { delayMs: 0, bytesPerSecond: undefined })).toBe(10);
    expect(pace.arrival(20, 10, { delayMs: 0, bytesPerSecond: 1000 })).toBe(30);
  });
});
