import { describeValue } from './describe-value.js';

/** Milliseconds, or a number with a unit: `'500ms'`, `'30s'`, `'5m'`, `'12h'`, `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a duration: its milliseconds, or `NaN` for a value that is none. Checks no bounds. */
export function readDuration(duration: unknown): number {
  if (typeof duration !== 'string') return typeof duration === 'number' ? duration : NaN;
  const [, value, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? [];
  // A fraction such as '0.1s' may have no exact binary value.
  return Math.round(Number(value) * units[unit as 's']);
}

/**
 * Converts a duration to milliseconds. Throws `RangeError`, with `name` in the message, on anything but a non-negative
 * duration.
 */
export function toMilliseconds(duration: Duration, name = 'The duration'): number {
  const milliseconds = readDuration(duration);
  if (Number.isSafeInteger(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(
    `${name} is ${describeValue(duration)}; it must be whole milliseconds of at least 0, or a text such as '30s'.`,
  );
}
