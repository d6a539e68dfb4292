/** Prices by time, as a chart takes them: two columns of equal length. A null separates what does not belong together. */
export interface Series {
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  readonly prices: readonly (number | null)[];
  /** `atMs` is milliseconds since 1970. */
  add(atMs: number, price: number): void;
}

/** In so long a time a price would have changed: nobody watched, and the market stood still. */
const gapSeconds = 60;

export function createSeries(keptPoints: number): Series {
  const times: number[] = [];
  const prices: (number | null)[] = [];
  const push = (time: number, price: number | null): void => {
    times.push(time);
    prices.push(price);
  };
  return {
    times,
    prices,
    add: (atMs, price) => {
      const last = times.at(-1);
      // Trades of one moment stay in their order.
      const time = Math.max(atMs / 1000, last ?? 0);
      if (last !== undefined && time - last > gapSeconds) push((last + time) / 2, null);
      push(time, price);
      const surplus = times.length - keptPoints;
      if (surplus <= 0) return;
      times.splice(0, surplus);
      prices.splice(0, surplus);
    },
  };
}
