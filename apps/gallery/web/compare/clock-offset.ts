/** One question for the server's time. All in milliseconds; the outer two on the page's clock. */
export interface ClockSample {
  readonly askedAt: number;
  readonly serverTime: number;
  readonly answeredAt: number;
}

export interface ClockEstimate {
  /** The server's clock minus the page's. */
  readonly offsetMs: number;
  /** The offset is off by no more than this, however the trip was divided into its two ways. */
  readonly uncertaintyMs: number;
  readonly samples: number;
}

const keptSamples = 40;

/**
 * The offset between two clocks, from the quickest of the latest round trips: the less time it took, the less can be wrong
 * about the middle of it (as NTP does, RFC 5905 §10).
 */
export function createClockOffset(): { add(sample: ClockSample): void; estimate(): ClockEstimate | undefined } {
  const kept: { readonly roundTripMs: number; readonly offsetMs: number }[] = [];
  let samples = 0;
  return {
    add: ({ askedAt, serverTime, answeredAt }) => {
      samples++;
      kept.push({ roundTripMs: answeredAt - askedAt, offsetMs: serverTime - (askedAt + answeredAt) / 2 });
      if (kept.length > keptSamples) kept.shift();
    },
    estimate: () => {
      const [first, ...others] = kept;
      if (!first) return undefined;
      const best = others.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a), first);
      return { offsetMs: best.offsetMs, uncertaintyMs: best.roundTripMs / 2, samples };
    },
  };
}
