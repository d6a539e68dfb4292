import type { CancelTimer, Clock } from '../../base/ports.js';

/** Timers hold 31 bits of milliseconds: a farther expiry is looked at again. */
const maxTimerMs = 2 ** 31 - 1;

/** An identity that nobody renewed is warned of so long before its end, or a quarter of its time if that is less (SES-18). */
const warningMs = 30_000;

/** A quarter of it is no less than `warningMs`. */
const nearMs = 4 * warningMs;

/**
 * Whether an identity that ends then needs a timer now. Most connections end long before their identity does, and a timer for each of
 * them would double what an identity costs a connect. `lookMs`: somebody asks again within this time, or within a second.
 */
export function isNear(expiresAt: number, now: number, lookMs: number): boolean {
  // Twice: a visit may come late.
  return expiresAt - now <= nearMs + 2 * Math.max(lookMs, 1000);
}

/**
 * Calls `expired` once the clock is at `expiresAt`, and `warn`, if it is given, once before: by comparison, since a timer may come
 * early, and a clock may be set.
 */
export function watchExpiry(
  clock: Pick<Clock, 'now' | 'setTimer'>,
  expiresAt: number,
  expired: () => void,
  warn?: () => void,
): CancelTimer {
  let cancel: CancelTimer;
  let warnAt = warn && expiresAt - Math.min(warningMs, (expiresAt - clock.now()) / 4);
  const wait = (): void => {
    const waitMs = Math.max(0, Math.min((warnAt ?? expiresAt) - clock.now(), maxTimerMs));
    cancel = clock.setTimer(look, waitMs);
  };
  const look = (): void => {
    const now = clock.now();
    if (now >= expiresAt) return expired();
    const isDue = warnAt !== undefined && now >= warnAt;
    if (isDue) warnAt = undefined;
    // First: a hook that ends the connection cancels it.
    wait();
    if (isDue) warn?.();
  };
  wait();
  return () => cancel();
}
