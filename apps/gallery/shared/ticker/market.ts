import type { CallDefinition } from 'longwave';
import { z } from 'zod';
import { maxMarketRate } from './limits.js';

const Price = z.number().positive();
const Size = z.number().int().positive();

// #region teach:ticker-contract
/** Facts about a symbol at a glance. Prices are in dollars with whole cents. */
export const Quote = z.object({
  /** Counts the symbol's updates: by it a page knows how many were merged into one. */
  n: z.number().int().nonnegative(),
  bid: Price,
  bidSize: Size,
  ask: Price,
  askSize: Size,
  /** Price and size of the last trade. */
  last: Price,
  size: Size,
  /** Percent since the market opened. */
  change: z.number(),
  /** Shares traded since then. */
  volume: z.number().int().nonnegative(),
});
// #endregion
export type Quote = z.infer<typeof Quote>;

/** Shares at one level of a book; its key says which, see `levelKey`. */
export const LevelSize = Size;

export const Trade = z.object({
  /** Counts the symbol's trades, without a gap. */
  n: z.number().int().positive(),
  price: Price,
  size: Size,
  /** The side that took an order of the book. */
  taker: z.enum(['buyer', 'seller']),
  /** Milliseconds since 1970 on the server's clock. */
  at: z.number(),
});
export type Trade = z.infer<typeof Trade>;

/** Figures of the market's feed, told about once a second while somebody watches. */
export const MarketReport = z.object({
  /** The rate that the visitors set: updates a second. */
  rate: z.number().min(0).max(maxMarketRate),
  isRunning: z.boolean(),
  /** Updates that happened in the last second, and quotes that were stored: fewer when nobody asked for more. */
  happened: z.number().int().nonnegative(),
  stored: z.number().int().nonnegative(),
  /** Subscriptions to quotes. */
  watchers: z.number().int().nonnegative(),
});
export type MarketReport = z.infer<typeof MarketReport>;

export const MarketRate = z.object({ rate: z.number().int().min(0).max(maxMarketRate) });

/** Requests that a page may make to the market. */
export type TickerCalls = {
  /** For all visitors. Replies with the rate. */
  readonly 'ticker/rate': CallDefinition<typeof MarketRate, number>;
};
