import { describe, expect, it } from 'vitest';
import { bookDepth, keptTrades } from '../../shared/ticker/limits.js';
import { Quote, Trade } from '../../shared/ticker/market.js';
import { type Market, createMarket } from './market.js';
import type { Stock } from './stock.js';

const opensAt = 1_700_000_000_000;

function run(market: Market, steps: number, each?: (stock: Stock) => void): Market {
  for (let step = 0; step < steps; step++) {
    const stock = market.step(opensAt + step);
    each?.(stock);
  }
  return market;
}

function quotesOf({ stocks }: Market): Quote[] {
  return [...stocks.values()].map(({ quote }) => quote);
}

describe('the market', () => {
  it('is the same for the same seed, and another for another', () => {
    const first = quotesOf(run(createMarket(1), 20_000));
    expect(quotesOf(run(createMarket(1), 20_000))).toEqual(first);
    expect(quotesOf(run(createMarket(2), 20_000))).not.toEqual(first);
  });

  it('changes with each step what the quote of that stock shows, besides its number', () => {
    const market = createMarket(3);
    const shown = new Map([...market.stocks.values()].map((stock) => [stock, stock.quote]));
    let unchanged = 0;
    let miscounted = 0;
    run(market, 20_000, (stock) => {
      const { n, ...rest } = stock.quote;
      const { n: before, ...previous } = shown.get(stock)!;
      if (n !== before + 1) miscounted++;
      if (JSON.stringify(rest) === JSON.stringify(previous)) unchanged++;
      shown.set(stock, stock.quote);
    });
    expect(miscounted).toBe(0);
    // A level that is taken whole may uncover one like it.
    expect(unchanged).toBeLessThan(200);
  });

  it('has books that never cross and keep their order and depth, with quotes that are their tops', () => {
    const wrong: string[] = [];
    run(createMarket(4), 30_000, ({ symbol, book, quote }) => {
      const { bids, asks } = book;
      const [bid, ask] = [bids[0]!, asks[0]!];
      const isOrdered =
        bids.every(({ price }, index) => index === 0 || price < bids[index - 1]!.price) &&
        asks.every(({ price }, index) => index === 0 || price > asks[index - 1]!.price);
      const isTop =
        [quote.bid * 100, quote.ask * 100].map(Math.round).join() === [bid.price, ask.price].join() &&
        [quote.bidSize, quote.askSize].join() === [bid.size, ask.size].join();
      const isDeep = bids.length === bookDepth && asks.length === bookDepth;
      if (!isOrdered || !isTop || !isDeep || bid.price >= ask.price) wrong.push(`${symbol} ${quote.n}`);
    });
    expect(wrong).toEqual([]);
  });

  it('counts trades without a gap; the last of them is what the quote shows', () => {
    const market = run(createMarket(5), 30_000);
    const traded = [...market.stocks.values()].filter(({ tradeCount }) => tradeCount > 0);
    expect(traded.length).toBeGreaterThan(450);
    for (const { trades, tradeCount, quote } of traded) {
      expect(trades.at(-1)).toMatchObject({ n: tradeCount, price: quote.last, size: quote.size });
      expect(trades.map(({ n }) => n)).toEqual(
        Array.from({ length: trades.length }, (_, index) => tradeCount - trades.length + 1 + index),
      );
    }
  });

  it('gives what the contract takes, in whole cents, however long it runs', () => {
    const market = run(createMarket(6), 200_000);
    for (const stock of market.stocks.values()) {
      Quote.parse(stock.quote);
      for (const price of [stock.quote.bid, stock.quote.ask, stock.quote.last]) {
        expect(Number(price.toFixed(2))).toBe(price);
      }
      expect(Math.abs(stock.quote.change)).toBeLessThan(30);
      expect(stock.trades.length).toBeLessThanOrEqual(keptTrades);
      for (const trade of stock.trades) Trade.parse(trade);
    }
  });

  it('has busy stocks and quiet ones', () => {
    const counts = quotesOf(run(createMarket(7), 100_000)).map(({ n }) => n);
    expect(Math.max(...counts)).toBeGreaterThan(4 * Math.min(...counts));
    expect(Math.min(...counts)).toBeGreaterThan(20);
  });
});
