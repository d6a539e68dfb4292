import type { Clock } from '../ports.js';

/** The host's time and timers. */
export const hostClock: Clock = {
  // Wall time, because it goes on while the machine sleeps: the jump reveals the sleep.
  now: () => Date.now(),
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
