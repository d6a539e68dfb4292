/** What is asked of a channel by those who watch it (DEM-1). */
export interface Demand {
  /** Subscriptions. */
  readonly watchers: number;
  /** Keys that somebody watches by name; undefined when somebody watches without naming any. */
  readonly keys?: readonly string[] | undefined;
  /** The highest rate asked for, in updates a second; undefined: every one. */
  readonly rate?: number | undefined;
}

/** What is asked in all: of a node by its subscriptions, of a channel on its nodes. */
export function sumDemand(parts: Iterable<Demand>): Demand {
  let watchers = 0;
  let keys: Set<string> | undefined = new Set();
  let rate: number | undefined = 0;
  for (const part of parts) {
    if (part.watchers === 0) continue;
    watchers += part.watchers;
    if (!part.keys) keys = undefined;
    else for (const key of part.keys) keys?.add(key);
    rate = rate === undefined || part.rate === undefined ? undefined : Math.max(rate, part.rate);
  }
  return { watchers, keys: keys && [...keys].toSorted(), rate };
}
