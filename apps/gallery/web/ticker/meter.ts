import { type LatencySummary, createLatencies } from '../compare/latencies.js';

/** What was measured over the time since the last look. */
export interface Measured {
  /** Quotes that arrived, a second. */
  readonly received: number;
  /** Updates of the same symbols that a later one overtook on the way, a second. */
  readonly merged: number;
  /** From the server's storing a quote to its arrival here, of the latest. */
  readonly latency: LatencySummary | undefined;
}

/** Counts what arrives. Each quote has the number of its update: what lies between two of them was merged. */
export interface Meter {
  /** The symbol is known from here on: what came before is not to be counted. */
  begin(symbol: string, n: number): void;
  add(symbol: string, n: number, latencyMs: number): void;
  forget(symbol: string): void;
  /** `now` is milliseconds from anywhere. */
  measure(now: number): Measured;
}

const summarized = 500;

export function createMeter(startsAt: number): Meter {
  const numbers = new Map<string, number>();
  let latencies = createLatencies(summarized);
  let measuredAt = startsAt;
  let received = 0;
  let merged = 0;
  return {
    begin: (symbol, n) => void numbers.set(symbol, n),
    add: (symbol, n, latencyMs) => {
      const before = numbers.get(symbol) ?? n - 1;
      numbers.set(symbol, n);
      received++;
      // A smaller number is that of another market: the server was started anew.
      merged += Math.max(0, n - before - 1);
      latencies.add(latencyMs);
    },
    forget: (symbol) => void numbers.delete(symbol),
    measure: (now) => {
      const seconds = Math.max(0.001, (now - measuredAt) / 1000);
      const measured = { received: received / seconds, merged: merged / seconds, latency: latencies.summary() };
      latencies = createLatencies(summarized);
      [measuredAt, received, merged] = [now, 0, 0];
      return measured;
    },
  };
}
