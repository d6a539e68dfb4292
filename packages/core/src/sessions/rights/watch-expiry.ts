import type { CancelTimer, Clock } from '../../base/ports.js';

/** Timers hold 31 bits of milliseconds: a farther expiry is looked at again. */
const maxTimerMs = 2 ** 31 - 1;

/** Calls `expired` once the clock is at `expiresAt`: by comparison, since a timer may come early, and a clock may be set. */
export function watchExpiry(clock: Clock, expiresAt: number, expired: () => void): CancelTimer {
  let cancel: CancelTimer;
  const wait = (): void => {
    const waitMs = Math.max(0, Math.min(expiresAt - clock.now(), maxTimerMs));
    cancel = clock.setTimer(() => (clock.now() >= expiresAt ? expired() : wait()), waitMs);
  };
  wait();
  return () => cancel();
}
