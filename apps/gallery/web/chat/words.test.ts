import { describe, expect, it } from 'vitest';
import { countMessages, describeDay, describeDuration } from './words.js';

describe('words', () => {
  it('says durations as people do', () => {
    expect([200, 30_000, 180_000, 3 * 3_600_000].map(describeDuration)).toEqual(['1 s', '30 s', '3 min', '3 h']);
  });

  it('counts messages', () => {
    expect([0, 1, 12].map(countMessages)).toEqual(['0 messages', '1 message', '12 messages']);
  });

  it('names days by the calendar, not by 24 hours', () => {
    const now = new Date(2026, 10, 22, 0, 10).getTime();
    expect(describeDay(now - 5 * 60_000, now)).toBe('Today');
    expect(describeDay(now - 15 * 60_000, now)).toBe('Yesterday');
    expect(describeDay(new Date(2026, 10, 1).getTime(), now)).toContain('2026');
  });
});
