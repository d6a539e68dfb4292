import type { ClockRecord } from './head.js';

/** Longer between two looks at the clock, and no process was there, or the machine was started anew. */
const maxStepMs = 5000;
/** With leases it is looked at no more rarely, so that it does not fall behind. */
export const maxIdleMs = 2000;

/**
 * The time of the leases, shared by all processes that have the store open. It goes on with every look at the steady clock of the
 * machine by at most 5 s: neither a clock that is set nor a restart ends them all.
 */
export class LeaseTime {
  readonly now: number;

  constructor(clock: ClockRecord, now: number) {
    this.now = leaseTimeAt(clock, now);
    clock.leaseMs = this.now;
    clock.lookedAt = now;
  }
}

export function leaseTimeAt({ leaseMs, lookedAt }: ClockRecord, now: number): number {
  return leaseMs + Math.min(maxStepMs, Math.max(0, now - lookedAt));
}
