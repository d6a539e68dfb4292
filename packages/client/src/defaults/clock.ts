import type { Clock } from '../base/ports.js';

/** Host timers hold no more than 31 bits: what is more fires at once. */
const maxTimerMs = 2 ** 31 - 1;

/** The host's time and timers. */
export const hostClock: Clock = {
  // Wall time, because it goes on while the machine sleeps: the jump reveals the sleep.
  now: () => Date.now(),
  setTimer: (callback, delayMs) => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (leftMs: number): void => {
      timer = setTimeout(
        () => (leftMs > maxTimerMs ? wait(leftMs - maxTimerMs) : callback()),
        Math.min(leftMs, maxTimerMs),
      );
    };
    wait(delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
