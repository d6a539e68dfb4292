/** Classes of latency, each 1.25 times as wide as the one before, from 0.1 ms on: an error of an eighth at most. */
const base = 1.25;
const firstMs = 0.1;

export function classOf(latencyMs: number): number {
  return latencyMs <= firstMs ? 0 : Math.ceil(Math.log(latencyMs / firstMs) / Math.log(base));
}

/** Milliseconds at the upper end of a class. */
function upperMs(latencyClass: number): number {
  return firstMs * base ** latencyClass;
}

/** Returns the latency, in milliseconds, that a share of all did not exceed; undefined without any. */
export function percentile(counts: Readonly<Record<number, number>>, share: number): number | undefined {
  const classes = Object.keys(counts)
    .map(Number)
    .toSorted((a, b) => a - b);
  const total = classes.reduce((sum, each) => sum + counts[each]!, 0);
  let rest = total * share;
  for (const each of classes) {
    rest -= counts[each]!;
    if (rest <= 0) return upperMs(each);
  }
  return undefined;
}
