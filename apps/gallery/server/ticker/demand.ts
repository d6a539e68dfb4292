/** What is asked of a channel by those who watch it, as `server.channel(name).demand` tells it (DEM-1). */
export interface Demand {
  readonly watchers: number;
  /** Undefined: somebody watches all of them. */
  readonly keys?: readonly string[] | undefined;
  /** Updates a second; undefined: somebody takes every one. */
  readonly rate?: number | undefined;
}

export const noDemand: Demand = { watchers: 0, keys: [], rate: 0 };

/** How long what has changed may wait and be merged: nobody has asked for more. Milliseconds; 0 for every change. */
export function mergeMs({ rate }: Demand): number {
  return rate === undefined || rate <= 0 ? 0 : 1000 / rate;
}
