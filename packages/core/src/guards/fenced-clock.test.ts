import { expect, it } from 'vitest';
import { fencedClock } from './fenced-clock.js';

it('VIEW-8: a delay that a peer made of its numbers is no longer than a host can keep', () => {
  const delays: number[] = [];
  const clock = fencedClock(
    {
      now: () => 0,
      setTimer: (_, delayMs) => {
        delays.push(delayMs);
        return () => undefined;
      },
      defer: () => undefined,
    },
    { error: () => undefined, info: () => undefined },
  );
  for (const delayMs of [5, 2 ** 31 - 1, 2 ** 31, 1e300, Infinity]) clock.setTimer(() => undefined, delayMs);
  expect(delays).toEqual([5, ...Array(4).fill(2 ** 31 - 1)]);
});
