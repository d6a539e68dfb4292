import { describe, expect, it } from 'vitest';
import { momentAt, statusWords } from './clock.js';

const clock = { minute: 44, since: 10_000, running: true, minuteMs: 1000 };

describe('the minute of a match', () => {
  it('goes on by itself, into added time', () => {
    const match = { status: 'first-half', clock } as const;
    expect(statusWords(match, 10_999)).toBe("44'");
    expect(statusWords(match, 11_000)).toBe("45'");
    expect(statusWords(match, 13_000)).toBe("45+2'");
    expect(momentAt({ status: 'second-half', clock: { ...clock, minute: 88 } }, 15_000)).toEqual({
      minute: 90,
      added: 3,
    });
  });

  it('stands still when the clock does, and does not go back where a clock is behind', () => {
    expect(statusWords({ status: 'second-half', clock: { ...clock, running: false, minute: 50 } }, 99_000)).toBe("50'");
    expect(statusWords({ status: 'first-half', clock }, 0)).toBe("44'");
  });
});
