import { describeValue } from '../values/describe-value.js';

/** Milliseconds, or a number with a unit: `'500ms'`, `'30s'`, `'5m'`, `'12h'`, `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Converts a duration to milliseconds. Throws `RangeError`, with `name` in the message, on anything but a non-negative
 * duration.
 */
export function toMilliseconds(duration: Duration, name = 'The duration'): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration));
  const value = typeof duration === 'number' ? duration : match ? Number(match[1]) * units[match[2] as 's'] : NaN;
  // A fraction such as '0.1s' may have no exact binary value.
  const milliseconds = typeof duration === 'string' ? Math.round(value) : value;
  if (Number.isSafeInteger(milliseconds) && milliseconds >= 0) return milliseconds;
  throw new RangeError(
    `${name} is ${describeValue(duration)}; it must be whole milliseconds of at least 0, or a text such as '30s'.`,
  );
}
