import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bookDepth, defaultMarketRate } from '../../shared/ticker/limits.js';
import type { MarketReport, Quote, Trade } from '../../shared/ticker/market.js';
import { noDemand } from './demand.js';
import { Feed } from './feed.js';

const everything = { watchers: 1, keys: undefined, rate: undefined };

let feed: Feed;
let quotes: Map<string, Quote>;
let stored: number;
let books: Map<string, Map<string, number>>;
let trades: Trade[];
let reports: MarketReport[];

beforeEach(() => {
  vi.useFakeTimers();
  [quotes, stored, books, trades, reports] = [new Map(), 0, new Map(), [], []];
  feed = new Feed({
    seed: 1,
    publish: {
      quotes: (entries) => {
        for (const [symbol, quote] of entries) quotes.set(symbol, quote);
        stored += entries.length;
      },
      book: (symbol, { puts, deletes }) => {
        const book = books.get(symbol) ?? new Map<string, number>();
        for (const key of deletes) book.delete(key);
        for (const [key, size] of puts) book.set(key, size);
        books.set(symbol, book);
      },
      trade: (_, trade) => trades.push(trade),
      report: (report) => reports.push(report),
    },
  });
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const pass = (ms: number): void => void vi.advanceTimersByTime(ms);

describe('the feed', () => {
  it('does nothing when nobody watches, and goes back to its own rate', () => {
    feed.askQuotes(noDemand);
    feed.askBook('CEDF', noDemand);
    feed.askTrades('CEDF', noDemand);
    feed.setRate(5);
    expect(vi.getTimerCount()).toBe(0);
    expect(reports).toEqual([]);
    feed.askQuotes(everything);
    expect(vi.getTimerCount()).toBe(1);
    feed.setRate(100);
    expect(reports.at(-1)).toMatchObject({ rate: 100, isRunning: true, watchers: 1 });
    feed.askQuotes(noDemand);
    expect(vi.getTimerCount()).toBe(0);
    expect(reports.at(-1)).toMatchObject({ rate: defaultMarketRate, isRunning: false, watchers: 0 });
  });

  it('stores as many updates as were set, and says so', () => {
    feed.askQuotes(everything);
    pass(1000);
    const first = stored;
    pass(2000);
    expect(stored - first).toBe(2 * defaultMarketRate);
    expect(reports.at(-1)).toMatchObject({ happened: defaultMarketRate, stored: defaultMarketRate });
    feed.setRate(20_000);
    const second = stored;
    pass(1000);
    expect(stored - second).toBe(20_000);
  });

  it('stores no more than its viewers asked for, while the market goes on', () => {
    feed.askQuotes({ watchers: 3, keys: ['CEDF', 'ALDB'], rate: 2 });
    pass(1000);
    stored = 0;
    pass(3000);
    expect(stored).toBeGreaterThan(4);
    expect(stored).toBeLessThanOrEqual(2 * 2 * 2 * 3 + 2);
    expect([...quotes.keys()].sort()).toEqual(['ALDB', 'CEDF']);
    expect(reports.at(-1)).toMatchObject({ happened: defaultMarketRate, watchers: 3 });
  });

  it('tells, once the market stands still, how it stands: quotes, book and trades agree', () => {
    feed.askQuotes({ ...everything, rate: 1 });
    feed.askBook('CEDF', { ...everything, rate: 3 });
    feed.askTrades('CEDF', everything);
    pass(10_005);
    feed.setRate(0);
    pass(1000);
    const still = stored;
    const { bid, bidSize, ask, askSize, last, size } = quotes.get('CEDF')!;
    const book = books.get('CEDF')!;
    const prices = (letter: string): number[] =>
      [...book.keys()].filter((key) => key.startsWith(letter)).map((key) => Number(key.slice(2)));
    expect(bid).toBe(Math.max(...prices('b')));
    expect(bidSize).toBe(book.get(`b:${bid.toFixed(2)}`));
    expect(ask).toBe(Math.min(...prices('a')));
    expect(askSize).toBe(book.get(`a:${ask.toFixed(2)}`));
    expect(trades.at(-1)).toMatchObject({ price: last, size });
    pass(5000);
    expect(stored).toBe(still);
  });

  it('publishes books and trades of what is watched alone, and clears a book that is left', () => {
    feed.askBook('CEDF', everything);
    feed.askTrades('ALDB', everything);
    pass(20_000);
    expect([...books.keys()]).toEqual(['CEDF']);
    expect(books.get('CEDF')!.size).toBe(2 * bookDepth);
    expect(trades.length).toBeGreaterThan(5);
    expect(stored).toBe(0);
    feed.askBook('CEDF', noDemand);
    expect(books.get('CEDF')!.size).toBe(0);
    feed.askTrades('ALDB', noDemand);
    expect(vi.getTimerCount()).toBe(0);
  });
});
