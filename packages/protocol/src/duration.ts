/** Milliseconds, or a number with a unit: `'500ms'`, `'30s'`, `'5m'`, `'12h'`, `'30d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A duration in milliseconds. Throws `RangeError` on anything but a non-negative duration. */
export function toMilliseconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration));
  const value = typeof duration === 'number' ? duration : match ? Number(match[1]) * units[match[2] as 's'] : NaN;
  if (Number.isNaN(value) || value < 0) {
    throw new RangeError(`Not a duration: ${String(duration)}. Use milliseconds or a text such as '30s'.`);
  }
  return value;
}
