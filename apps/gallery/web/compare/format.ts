import { formatMs } from '../echo/format-ms.js';

const units = ['B', 'kB', 'MB', 'GB'] as const;

/** Three digits that matter, in units of 1,000. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (Math.round(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toPrecision(value < 10 ? 2 : 3)} ${units[unit]}`;
}

/** Milliseconds, or seconds when there are many. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? formatMs(ms) : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}
