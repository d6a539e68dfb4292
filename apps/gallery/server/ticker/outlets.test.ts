import { describe, expect, it } from 'vitest';
import { BookOutlet } from './book-outlet.js';
import { noDemand } from './demand.js';
import { createMarket } from './market.js';
import { QuoteOutlet } from './quote-outlet.js';
import type { Stock } from './stock.js';
import { TradeOutlet } from './trade-outlet.js';
import { bookDepth, keptTrades } from '../../shared/ticker/limits.js';

const everything = { watchers: 1, keys: undefined, rate: undefined };

function open(): { stocks: readonly Stock[]; first: Stock; second: Stock } {
  const stocks = [...createMarket(1).stocks.values()];
  return { stocks, first: stocks[0]!, second: stocks[1]! };
}

describe('quotes', () => {
  it('are stored each in its turn, for who takes every one', () => {
    const { stocks, first, second } = open();
    const outlet = new QuoteOutlet();
    outlet.ask(everything, stocks);
    expect(outlet.take(0)).toHaveLength(500);
    for (const stock of [first, second, first]) {
      stock.step(0);
      outlet.note(stock);
    }
    expect(outlet.take(1).map(([symbol, { n }]) => [symbol, n])).toEqual([
      [first.symbol, 1],
      [second.symbol, 1],
      [first.symbol, 2],
    ]);
    expect(outlet.take(2)).toEqual([]);
  });

  it('are merged to twice the rate of the fastest viewer', () => {
    const { stocks, first } = open();
    const outlet = new QuoteOutlet();
    outlet.ask({ ...everything, rate: 2 }, stocks);
    expect(outlet.take(1000)).toHaveLength(500);
    for (let now = 1010; now < 1250; now += 10) {
      first.step(now);
      outlet.note(first);
      expect(outlet.take(now)).toEqual([]);
    }
    expect(outlet.take(1250)).toEqual([[first.symbol, first.quote]]);
  });

  it('are those of the symbols that somebody watches, up to date from the first moment', () => {
    const { stocks, first, second } = open();
    const outlet = new QuoteOutlet();
    first.step(0);
    outlet.note(first);
    expect(outlet.take(0)).toEqual([]);
    outlet.ask({ watchers: 1, keys: [first.symbol], rate: undefined }, stocks);
    expect(outlet.take(0)).toEqual([[first.symbol, first.quote]]);
    second.step(0);
    outlet.note(second);
    expect(outlet.take(0)).toEqual([]);
    outlet.ask({ watchers: 2, keys: [first.symbol, second.symbol], rate: undefined }, stocks);
    expect(outlet.take(0)).toEqual([[second.symbol, second.quote]]);
    outlet.ask(noDemand, stocks);
    first.step(0);
    outlet.note(first);
    expect(outlet.take(0)).toEqual([]);
  });

  it('never go back when a slower viewer takes the place of a fast one', () => {
    const { stocks, first } = open();
    const outlet = new QuoteOutlet();
    outlet.ask(everything, stocks);
    outlet.take(0);
    first.step(0);
    outlet.note(first);
    outlet.ask({ ...everything, rate: 1 }, stocks);
    first.step(0);
    outlet.note(first);
    expect(outlet.take(0).map(([, { n }]) => n)).toEqual([1, 2]);
  });
});

describe('a book', () => {
  it('is stored as it is, in the changes that lead there, and cleared when nobody watches any more', () => {
    const { first } = open();
    const outlet = new BookOutlet(first.book);
    expect(outlet.take(0)).toBeUndefined();
    outlet.ask(everything);
    const stored = new Map<string, number>();
    let changes = 0;
    for (let now = 0; now < 500; now++) {
      const { puts = [], deletes = [] } = outlet.take(now) ?? {};
      for (const key of deletes) expect(stored.delete(key)).toBe(true);
      for (const [key, size] of puts) stored.set(key, size);
      changes += puts.length + deletes.length;
      const { bids, asks } = first.book;
      expect(stored).toEqual(
        new Map([
          ...bids.map(({ price, size }) => [`b:${(price / 100).toFixed(2)}`, size] as const),
          ...asks.map(({ price, size }) => [`a:${(price / 100).toFixed(2)}`, size] as const),
        ]),
      );
      first.step(now);
      outlet.note();
    }
    // Not the whole book each time.
    expect(changes).toBeLessThan(500 * 6);
    outlet.ask(noDemand);
    expect(outlet.take(500)?.deletes).toHaveLength(stored.size);
    expect(outlet.take(501)).toBeUndefined();
  });

  it('waits half as long as its viewers asked for', () => {
    const { first } = open();
    const outlet = new BookOutlet(first.book);
    outlet.ask({ ...everything, rate: 5 });
    expect(outlet.take(1000)?.puts).toHaveLength(2 * bookDepth);
    first.step(1000);
    outlet.note();
    expect(outlet.take(1099)).toBeUndefined();
    expect(outlet.take(1100)).toBeDefined();
  });
});

describe('trades', () => {
  it('are published each once while somebody watches, after the latest that were missed', () => {
    const { first } = open();
    const outlet = new TradeOutlet(first);
    const trade = (count: number): void => {
      for (const until = first.tradeCount + count; first.tradeCount < until;) first.step(0);
    };
    trade(keptTrades + 20);
    expect(outlet.take()).toEqual([]);
    outlet.isWatched = true;
    expect(outlet.take()).toEqual(first.trades);
    expect(outlet.take()).toEqual([]);
    trade(2);
    expect(outlet.take().map(({ n }) => n)).toEqual([keptTrades + 21, keptTrades + 22]);
    outlet.isWatched = false;
    trade(3);
    expect(outlet.take()).toEqual([]);
    outlet.isWatched = true;
    expect(outlet.take().map(({ n }) => n)).toEqual([keptTrades + 23, keptTrades + 24, keptTrades + 25]);
  });
});
