import type { CancelTimer, Clock } from './ports.js';

const everyMs = 1000;

/**
 * Calls `work` every second, until the returned function is called. `late`: the node was suspended, or the clock was set, so that other
 * timers come late too.
 */
export function everySecond(clock: Clock, work: (late: boolean) => void): () => void {
  let cancel: CancelTimer;
  const next = (): void => {
    const due = clock.now() + everyMs;
    cancel = clock.setTimer(() => {
      next();
      work(Math.abs(clock.now() - due) > everyMs);
    }, everyMs);
  };
  next();
  return () => cancel();
}
