import type { Demand } from './state-api.js';

/** What is asked on all nodes, of what is asked on each. */
export function demandOf(nodes: Iterable<Demand>): Demand {
  let watchers = 0;
  let keys: Set<string> | undefined = new Set();
  let rate: number | undefined = 0;
  for (const node of nodes) {
    if (node.watchers === 0) continue;
    watchers += node.watchers;
    if (!node.keys) keys = undefined;
    else for (const key of node.keys) keys?.add(key);
    rate = rate === undefined || node.rate === undefined ? undefined : Math.max(rate, node.rate);
  }
  return { watchers, keys: keys && [...keys], rate };
}
