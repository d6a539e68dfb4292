import type { Clock } from '@longwave/core';

/** The host's clock. Timers do not keep the process alive: open sockets and servers do. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
  // After the I/O of this turn of the event loop: what came in together goes out together.
  defer: (callback) => void setImmediate(callback),
};
