/**
 * Limits that both ends of the ticker share, free of dependencies: the page offers the values that the server takes.
 */

/** Updates of quotes a second, over all symbols. 0 holds the market still. */
export const marketRates = [0, 100, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
export const maxMarketRate = 20_000;
export const defaultMarketRate = 2000;

/** Rates that a viewer may ask for, in updates a second; above the highest, every update. */
export const viewRates = { min: 1, max: 60 } as const;

/** Levels on each side of a book. */
export const bookDepth = 10;
/** The latest trades of a symbol that are kept. */
export const keptTrades = 300;
