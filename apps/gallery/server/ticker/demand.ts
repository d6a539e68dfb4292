import type { Demand } from 'longwave';

export const noDemand: Demand = { watchers: 0, keys: [], rate: 0 };

/**
 * How long what has changed may wait and be merged, in milliseconds; 0 for every change. Half of what the fastest viewer asked
 * for: then what a viewer gets has waited here for half of its interval at most, whenever that begins.
 */
export function mergeMs({ rate }: Demand): number {
  return rate === undefined || rate <= 0 ? 0 : 500 / rate;
}
