import { createRandom, wholeBetween } from '../random.js';

/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** Around 0, with a standard deviation of 1. */
  normal(): number;
}

export function createMarketRandom(seed: number): Random {
  const next = createRandom(seed);
  return {
    next,
    between: (min, max) => wholeBetween(next, min, max),
    // Twelve of them have a variance of one (Irwin and Hall); four do for prices.
    normal: () => (next() + next() + next() + next() - 2) * Math.sqrt(3),
  };
}
