import { type LatencySummary, createLatencies } from '../compare/latencies.js';

/** Figures over the time since the last look. */
export interface Measured {
  /** Quotes that arrived, a second. */
  readonly received: number;
  /** Updates of the same symbols that a later one overtook on the way, a second. A symbol that catches up counts none. */
  readonly merged: number;
  /** From the server's storing a quote to its arrival here, of the latest. */
  readonly latency: LatencySummary | undefined;
}

/** Counts what arrives. Each quote has the number of its update: what lies between two of them was merged. */
export interface Meter {
  /** The symbol is known from here on: updates before it are not counted. `storedAt`: by the server's clock. */
  begin(symbol: string, n: number, storedAt: number): void;
  add(symbol: string, quote: { readonly n: number; readonly storedAt: number }, latencyMs: number): void;
  forget(symbol: string): void;
  /** `now` is milliseconds from anywhere. */
  measure(now: number): Measured;
}

const summarized = 500;
/** Quotes of one symbol that were stored further apart than this have no merging between them: nobody watched, or the page was away. */
const watchedMs = 3000;

export function createMeter(startsAt: number): Meter {
  const known = new Map<string, { readonly n: number; readonly storedAt: number }>();
  let latencies = createLatencies(summarized);
  let measuredAt = startsAt;
  let received = 0;
  let merged = 0;
  return {
    begin: (symbol, n, storedAt) => void known.set(symbol, { n, storedAt }),
    add: (symbol, quote, latencyMs) => {
      const before = known.get(symbol);
      known.set(symbol, quote);
      received++;
      latencies.add(latencyMs);
      if (!before || quote.storedAt - before.storedAt > watchedMs) return;
      // A smaller number is that of another market: the server was started anew.
      merged += Math.max(0, quote.n - before.n - 1);
    },
    forget: (symbol) => void known.delete(symbol),
    measure: (now) => {
      const seconds = Math.max(0.001, (now - measuredAt) / 1000);
      const measured = { received: received / seconds, merged: merged / seconds, latency: latencies.summary() };
      latencies = createLatencies(summarized);
      [measuredAt, received, merged] = [now, 0, 0];
      return measured;
    },
  };
}
