import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createNodeClock } from './node-clock.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a timer beyond what Node holds in 31 bits waits as long as it is told', () => {
  const { setTimer } = createNodeClock();
  const callback = vi.fn<() => void>();
  const day = 86_400_000;
  setTimer(callback, 60 * day);
  setTimer(callback, 60 * day)();
  const never = setTimer(callback, Infinity);
  vi.advanceTimersByTime(59 * day);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100 * day);
  expect(callback).toHaveBeenCalledTimes(1);
  never();
  expect(vi.getTimerCount()).toBe(0);
});
