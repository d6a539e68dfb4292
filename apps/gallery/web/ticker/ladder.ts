import { parseLevelKey } from '../../shared/ticker/level-key.js';

export interface Rung {
  readonly price: number;
  readonly size: number;
  /** Share of the biggest size shown: 0 to 1. */
  readonly share: number;
}

/** A book as it is read: prices from high to low, asks above bids. */
export interface Ladder {
  readonly asks: readonly Rung[];
  readonly bids: readonly Rung[];
  /** Between the best of both, in dollars; undefined where one side is empty. */
  readonly spread: number | undefined;
}

/** Makes it of the sizes by level, at most `depth` on each side. */
export function ladderOf(levels: ReadonlyMap<string, number>, depth: number): Ladder {
  const bids: [price: number, size: number][] = [];
  const asks: [price: number, size: number][] = [];
  for (const [key, size] of levels) {
    const level = parseLevelKey(key);
    if (level) (level.side === 'bid' ? bids : asks).push([level.price, size]);
  }
  const bestBids = bids.toSorted(([a], [b]) => b - a).slice(0, depth);
  const bestAsks = asks.toSorted(([a], [b]) => a - b).slice(0, depth);
  const biggest = Math.max(1, ...[...bestBids, ...bestAsks].map(([, size]) => size));
  const toRung = ([price, size]: [number, number]): Rung => ({ price, size, share: size / biggest });
  const [bid] = bestBids[0] ?? [];
  const [ask] = bestAsks[0] ?? [];
  return {
    asks: bestAsks.toReversed().map(toRung),
    bids: bestBids.map(toRung),
    spread: bid === undefined || ask === undefined ? undefined : Math.round((ask - bid) * 100) / 100,
  };
}
