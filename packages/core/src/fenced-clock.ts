import type { Clock, Logger } from './ports.js';

/** `clock`, with a fence around each timer: what fails in one is logged, and ends neither the others nor the process. */
export function fencedClock(clock: Clock, logger: Logger): Clock {
  const fenced =
    (callback: () => void): (() => void) =>
    () => {
      try {
        callback();
      } catch (error) {
        logger.error('A timer failed.', error);
      }
    };
  return {
    now: () => clock.now(),
    setTimer: (callback, delayMs) => clock.setTimer(fenced(callback), delayMs),
    defer: (callback) => clock.defer(fenced(callback)),
    hurry: () => clock.hurry?.(),
  };
}
