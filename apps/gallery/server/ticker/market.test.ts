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
    run(market, 20_000, (stock) => {
      const { n, ...rest } = stock.quote;
      const { n: before, ...previous } = shown.get(stock)!;
      expect(n).toBe(before + 1);
      if (JSON.stringify(rest) === JSON.stringify(previous)) unchanged++;
      shown.set(stock, stock.quote);
    });
    // A level that is taken whole may uncover one like it.
    expect(unchanged).toBeLessThan(200);
  });

  it('has books that never cross and keep their order and depth, with quotes that are their tops', () => {
    run(createMarket(4), 20_000, ({ book, quote }) => {
      const bids = book.bids.map(({ price }) => price);
      const asks = book.asks.map(({ price }) => price);
      expect([...bids].sort((a, b) => b - a)).toEqual(bids);
      expect([...asks].sort((a, b) => a - b)).toEqual(asks);
      expect(new Set([...bids, ...asks]).size).toBe(2 * bookDepth);
      expect(book.spread).toBeGreaterThan(0);
      expect([quote.bid, quote.bidSize]).toEqual([bids[0]! / 100, book.bids[0]!.size]);
      expect([quote.ask, quote.askSize]).toEqual([asks[0]! / 100, book.asks[0]!.size]);
    });
  });

  it('counts trades without a gap; the last of them is what the quote shows', () => {
    const traded = new Set<Stock>();
    run(createMarket(5), 50_000, (stock) => {
      const trade = stock.trades.at(-1);
      if (!trade) return;
      traded.add(stock);
      expect(trade.n).toBe(stock.tradeCount);
      expect([stock.quote.last, stock.quote.size]).toEqual([trade.price, trade.size]);
    });
    expect(traded.size).toBeGreaterThan(450);
    for (const { trades, tradeCount } of traded) {
      expect(trades.map(({ n }) => n)).toEqual(
        Array.from({ length: trades.length }, (_, index) => tradeCount - trades.length + 1 + index),
      );
    }
  });

  it('gives what the contract takes, in whole cents, however long it runs', () => {
    const market = run(createMarket(6), 400_000);
    for (const stock of market.stocks.values()) {
      expect(Quote.parse(stock.quote)).toEqual(stock.quote);
      for (const price of [stock.quote.bid, stock.quote.ask, stock.quote.last]) {
        expect(Number(price.toFixed(2))).toBe(price);
      }
      expect(Math.abs(stock.quote.change)).toBeLessThan(30);
      expect(stock.trades.length).toBeLessThanOrEqual(keptTrades);
      for (const trade of stock.trades) expect(Trade.parse(trade)).toEqual(trade);
    }
  });

  it('has busy stocks and quiet ones', () => {
    const counts = quotesOf(run(createMarket(7), 100_000)).map(({ n }) => n);
    expect(Math.max(...counts)).toBeGreaterThan(4 * Math.min(...counts));
    expect(Math.min(...counts)).toBeGreaterThan(20);
  });
});
