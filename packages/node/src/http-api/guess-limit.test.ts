import { expect, it } from 'vitest';
import { GuessLimit } from './guess-limit.js';

it('wrong keys beyond a burst are limited for each address, one more each second', () => {
  let now = 0;
  const limit = new GuessLimit(() => now);
  const waits = Array.from({ length: 61 }, () => limit.count('a'));
  expect(waits.slice(0, 60)).toEqual(Array(60).fill(0));
  expect(waits[60]).toBe(1000);
  expect(limit.count('b')).toBe(0);
  now = 1000;
  expect(limit.count('a')).toBe(0);
  expect(limit.count('a')).toBe(1000);
});

it('what is remembered of addresses is bounded, the oldest go first', () => {
  const limit = new GuessLimit(() => 0);
  for (let n = 0; n < 60; n++) limit.count('old');
  expect(limit.count('old')).toBeGreaterThan(0);
  for (let n = 0; n < 10_000; n++) limit.count(`${n}`);
  expect(limit.count('old')).toBe(0);
});
