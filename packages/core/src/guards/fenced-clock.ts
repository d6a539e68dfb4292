import type { Clock, Logger } from '../base/ports.js';

/** Hosts keep the delay of a timer in 31 bits, and take a longer one for none at all. */
const maxDelayMs = 2 ** 31 - 1;

/** `clock`, with a fence around each timer: what fails in one is logged, and ends neither the others nor the process. A delay may be made of a peer's numbers: none is longer than a host can keep. */
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
    setTimer: (callback, delayMs) => clock.setTimer(fenced(callback), Math.min(delayMs, maxDelayMs)),
    defer: (callback) => clock.defer(fenced(callback)),
    hurry: () => clock.hurry?.(),
    get paces() {
      return clock.paces === true;
    },
  };
}
