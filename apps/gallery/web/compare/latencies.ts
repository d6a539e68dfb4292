export interface LatencySummary {
  readonly medianMs: number;
  /** Nineteen of twenty were quicker. */
  readonly highMs: number;
  readonly worstMs: number;
}

/** The latest latencies, of a lane or of one second of it. */
export interface Latencies {
  add(ms: number): void;
  /** Undefined as long as there are none. */
  summary(): LatencySummary | undefined;
}

export function createLatencies(size: number): Latencies {
  const ring: number[] = [];
  let next = 0;
  return {
    add: (ms) => {
      ring[next] = ms;
      next = (next + 1) % size;
    },
    summary: () => {
      if (ring.length === 0) return undefined;
      const sorted = ring.toSorted((a, b) => a - b);
      return { medianMs: quantile(sorted, 0.5), highMs: quantile(sorted, 0.95), worstMs: sorted.at(-1)! };
    },
  };
}

/** The smallest of `sorted` that at least this share of them does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
