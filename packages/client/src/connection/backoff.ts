import type { Settings } from '../base/options.js';

/** Milliseconds to wait after `failures` in a row, or as long as a peer advised. */
export type Backoff = (failures: number, advisedMs?: number) => number;

/** Longest time a peer can make us wait; also below what host timers can take. */
const maxAdvisedMs = 60 * 60 * 1000;

/** So many failures are waited for with a lower bound: whoever was away for seconds is found again within seconds. */
const firstFailures = 15;

type Delays = Pick<Settings, 'minDelayMs' | 'maxDelayMs' | 'firstMaxMs'>;

/** Exponential with full jitter (CLI-1): a random part of a bound that doubles with each failure. */
export function createBackoff({ minDelayMs, maxDelayMs, firstMaxMs }: Delays, random: () => number): Backoff {
  return (failures, advisedMs) =>
    advisedMs === undefined
      ? clamp(random()) *
        Math.min(failures > firstFailures ? maxDelayMs : firstMaxMs, minDelayMs * 2 ** Math.max(0, failures - 1))
      : Math.min(advisedMs, maxAdvisedMs);
}

/** The application's source may be none: without jitter is better than without delay. */
function clamp(part: number): number {
  return part >= 0 && part < 1 ? part : 1;
}
