import type { Report } from './fleet.js';

/** Counts what somebody would get who asked for everything. */
export interface Traffic {
  note(report: Report): void;
  /** Since the last time it was asked. `now` is in milliseconds, from anywhere. */
  rates(now: number): { readonly updatesPerSecond: number; readonly bytesPerSecond: number };
}

export function createTraffic(): Traffic {
  let since: number | undefined;
  let updates = 0;
  let bytes = 0;
  return {
    note: (report) => {
      updates++;
      // Key and value, with the brackets and the comma that keep them apart. All of it is ASCII: a unit is a byte.
      bytes += JSON.stringify(report).length;
    },
    rates: (now) => {
      const seconds = since === undefined ? 0 : (now - since) / 1000;
      const rate = (count: number): number => (seconds > 0 ? Math.round(count / seconds) : 0);
      const rates = { updatesPerSecond: rate(updates), bytesPerSecond: rate(bytes) };
      since = now;
      updates = bytes = 0;
      return rates;
    },
  };
}
