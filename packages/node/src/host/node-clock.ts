import type { Clock } from '@longwave/core';
import { type Turns, createPacer } from './pacer.js';

/** Node's timers hold no more than 31 bits: what is more fires at once. */
const maxTimerMs = 2 ** 31 - 1;

/** The host's clock, one for each engine, as it paces that engine's flushes. Its timers do not keep the process alive. */
export function createNodeClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer(callback, delayMs) {
      // Nearly all of them: those of requests are many.
      if (delayMs <= maxTimerMs) {
        const only = setTimeout(callback, delayMs).unref();
        return () => clearTimeout(only);
      }
      let timer: NodeJS.Timeout;
      const wait = (leftMs: number): void => {
        const ended = (): void => (leftMs > maxTimerMs ? wait(leftMs - maxTimerMs) : callback());
        timer = setTimeout(ended, Math.min(leftMs, maxTimerMs)).unref();
      };
      wait(delayMs);
      return () => clearTimeout(timer);
    },
    paces: true,
    ...createPacer(nodeTurns),
  };
}

const nodeTurns: Turns = {
  now: () => performance.now(),
  // Elsewhere than in Node it may be unknown: then no time is ever found to spend.
  idle: () => performance.eventLoopUtilization?.().idle ?? 0,
  // After the I/O of this turn of the event loop: what came in together goes out together.
  nextTurn: (callback) => void setImmediate(callback),
  // Keeps the process alive, as an immediate does: what is to be sent is sent.
  after: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
