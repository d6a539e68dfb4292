import { companies } from '../../shared/ticker/companies.js';
import { createMarketRandom } from './random.js';
import { Stock } from './stock.js';

/** A market of invented companies. Its events follow from its seed alone; the caller chooses when they happen. */
export interface Market {
  readonly stocks: ReadonlyMap<string, Stock>;
  /** Something happens to one stock, at a time in milliseconds since 1970. Returns which. */
  step(at: number): Stock;
}

/** The busiest stock has so many times the updates of the quietest. */
const busiest = 12;

export function createMarket(seed: number): Market {
  const random = createMarketRandom(seed);
  const stocks = new Map(companies.map(({ symbol }) => [symbol, new Stock(symbol, random)]));
  // Lots to draw from: a few of most, many of some.
  const lots = [...stocks.values()].flatMap((stock) =>
    Array.from({ length: Math.round(busiest ** (random.next() ** 2)) }, () => stock),
  );
  return {
    stocks,
    step: (at) => {
      const stock = lots[random.between(0, lots.length - 1)]!;
      stock.step(at);
      return stock;
    },
  };
}
