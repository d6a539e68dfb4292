/** The demand for a channel by its subscribers (DEM-1). */
export interface Demand {
  /** Number of subscriptions. */
  readonly watchers: number;
  /** Keys that views name. Undefined when a subscription has a view without keys. */
  readonly keys?: readonly string[] | undefined;
  /** The highest rate asked for, in updates a second. Undefined when a subscription asks for every update. */
  readonly rate?: number | undefined;
}

/** Adds up demands: of a node's subscriptions, or of a channel's nodes. */
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
