import type { Demand } from 'longwave';
import { defaultMarketRate } from '../../shared/ticker/limits.js';
import type { MarketReport, Quote, Trade } from '../../shared/ticker/market.js';
import { type BookChange, BookOutlet } from './book-outlet.js';
import { type Market, createMarket } from './market.js';
import { createPace } from './pace.js';
import { QuoteOutlet } from './quote-outlet.js';
import { TradeOutlet } from './trade-outlet.js';

/** Where what happens in the market goes. */
interface Publications {
  quotes(entries: readonly (readonly [symbol: string, quote: Quote])[]): void;
  book(symbol: string, change: BookChange): void;
  trade(symbol: string, trade: Trade): void;
  report(report: MarketReport): void;
}

interface FeedOptions {
  readonly seed: number;
  readonly publish: Publications;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const tickMs = 10;
const reportMs = 1000;
/** The market has been open for so long when the first one looks: charts begin with something. */
const openMs = 120_000;
const openSteps = 30_000;

/** Lets the market go on while somebody watches, and publishes of it what is asked for. */
export class Feed {
  readonly #options: Required<FeedOptions>;
  /** Made when somebody watches for the first time. */
  #market: Market | undefined;
  readonly #quotes = new QuoteOutlet();
  readonly #books = new Map<string, BookOutlet>();
  readonly #trades = new Map<string, TradeOutlet>();
  #rate = defaultMarketRate;
  #pace = createPace(0);
  #timer: NodeJS.Timeout | undefined;
  #measured: Pick<MarketReport, 'happened' | 'stored'> = { happened: 0, stored: 0 };
  #happened = 0;
  #stored = 0;
  #reportedAt = 0;

  constructor(options: FeedOptions) {
    this.#options = { now: Date.now, ...options };
  }

  /** Updates a second, until nobody watches any more. */
  setRate(rate: number): void {
    if (this.#timer === undefined) return;
    this.#rate = rate;
    this.#tell();
  }

  askQuotes(demand: Demand): void {
    if (demand.watchers > 0 || this.#market) this.#quotes.ask(demand, this.#open().stocks.values());
    this.#asked();
  }

  askBook(symbol: string, demand: Demand): void {
    let outlet = this.#books.get(symbol);
    if (!outlet) {
      if (demand.watchers === 0) return;
      this.#books.set(symbol, (outlet = new BookOutlet(this.#stock(symbol).book)));
    }
    outlet.ask(demand);
    this.#flushBook(symbol, outlet);
    if (demand.watchers === 0) this.#books.delete(symbol);
    this.#asked();
  }

  askTrades(symbol: string, demand: Demand): void {
    let outlet = this.#trades.get(symbol);
    if (!outlet) {
      if (demand.watchers === 0) return;
      this.#trades.set(symbol, (outlet = new TradeOutlet(this.#stock(symbol))));
    }
    outlet.isWatched = demand.watchers > 0;
    this.#flushTrades(symbol, outlet);
    this.#asked();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #asked(): void {
    const isWatched =
      this.#quotes.watchers > 0 ||
      this.#books.size > 0 ||
      [...this.#trades.values()].some((outlet) => outlet.isWatched);
    if (isWatched && this.#timer === undefined) {
      this.#pace = createPace(this.#options.now());
      this.#timer = setInterval(() => this.#tick(), tickMs);
      this.#reportedAt = this.#options.now();
      this.#tell();
    } else if (!isWatched && this.#timer !== undefined) {
      this.close();
      this.#rate = defaultMarketRate;
      this.#measured = { happened: 0, stored: 0 };
      this.#tell();
    }
  }

  #tick(): void {
    const now = this.#options.now();
    const market = this.#open();
    const due = this.#pace.due(now, this.#rate);
    for (let step = 0; step < due; step++) {
      const stock = market.step(now);
      this.#quotes.note(stock);
      this.#books.get(stock.symbol)?.note();
    }
    this.#happened += due;
    const quotes = this.#quotes.take(now);
    this.#stored += quotes.length;
    if (quotes.length > 0) this.#options.publish.quotes(quotes);
    for (const [symbol, outlet] of this.#books) this.#flushBook(symbol, outlet);
    for (const [symbol, outlet] of this.#trades) this.#flushTrades(symbol, outlet);
    if (now - this.#reportedAt >= reportMs) this.#measure(now);
  }

  #flushBook(symbol: string, outlet: BookOutlet): void {
    const change = outlet.take(this.#options.now());
    if (change) this.#options.publish.book(symbol, change);
  }

  #flushTrades(symbol: string, outlet: TradeOutlet): void {
    for (const trade of outlet.take()) this.#options.publish.trade(symbol, trade);
  }

  /** Measures what was since it did the last time. */
  #measure(now: number): void {
    const seconds = (now - this.#reportedAt) / 1000;
    this.#measured = {
      happened: Math.round(this.#happened / seconds),
      stored: Math.round(this.#stored / seconds),
    };
    this.#happened = 0;
    this.#stored = 0;
    this.#reportedAt = now;
    this.#tell();
  }

  #tell(): void {
    this.#options.publish.report({
      rate: this.#rate,
      isRunning: this.#timer !== undefined,
      watchers: this.#quotes.watchers,
      ...this.#measured,
    });
  }

  #stock(symbol: string) {
    const stock = this.#open().stocks.get(symbol);
    if (!stock) throw new RangeError(`'${symbol}' is not listed.`);
    return stock;
  }

  #open(): Market {
    if (!this.#market) {
      this.#market = createMarket(this.#options.seed);
      const opensAt = this.#options.now() - openMs;
      for (let step = 0; step < openSteps; step++) this.#market.step(opensAt + (step / openSteps) * openMs);
    }
    return this.#market;
  }
}
