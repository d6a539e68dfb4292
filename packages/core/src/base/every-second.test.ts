import { expect, it } from 'vitest';
import { everySecond } from './every-second.js';

it('calls every second until it is stopped, and says when that came late', () => {
  let now = 0;
  const timers = new Set<() => void>();
  const setTimer = (callback: () => void): (() => void) => {
    timers.add(callback);
    return () => void timers.delete(callback);
  };
  const passes = (ms: number): void => {
    now += ms;
    const due = [...timers];
    timers.clear();
    for (const callback of due) callback();
  };
  const called: boolean[] = [];
  const stop = everySecond({ now: () => now, setTimer, defer: () => undefined }, (late) => called.push(late));
  passes(1000);
  passes(1500);
  passes(60_000);
  expect(called).toEqual([false, false, true]);
  stop();
  expect(timers.size).toBe(0);
});
