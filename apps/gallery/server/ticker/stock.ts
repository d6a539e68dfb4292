import type { Side } from '../../shared/ticker/level-key.js';
import { bookDepth, keptTrades } from '../../shared/ticker/limits.js';
import type { Quote, Trade } from '../../shared/ticker/market.js';
import { OrderBook } from './order-book.js';
import type { Random } from './random.js';

/** In ticks: how far the fair price strays in one step, and how wide the gap between bid and ask gets. */
const stray = 0.35;
const widestSpread = 6;
const biggestLevel = 20;
const lot = 100;

/**
 * One symbol: a book that follows a fair price, which wanders. Buyers and sellers take from it and put into it; each step
 * changes what a quote shows. Inside, prices are in cents.
 */
export class Stock {
  readonly symbol: string;
  readonly book = new OrderBook();
  /** The latest, oldest first. */
  readonly trades: Trade[] = [];
  readonly #random: Random;
  /** Prices are multiples of it: finer for cheap stocks, as on an exchange. */
  readonly #tick: number;
  readonly #open: number;
  #fair: number;
  #last: number;
  #size = lot;
  #volume: number;
  #steps = 0;
  #tradeCount = 0;

  constructor(symbol: string, random: Random) {
    this.symbol = symbol;
    this.#random = random;
    const price = 800 * 40 ** random.next();
    this.#tick = price < 2000 ? 1 : price < 10_000 ? 2 : 5;
    this.#open = this.#round(price);
    // The day has begun before the feed did.
    this.#fair = price * (1 + random.normal() * 0.012);
    this.#last = this.#round(this.#fair);
    this.#volume = random.between(200, 20_000) * lot;
    this.book.place('bid', this.#last - this.#tick, this.#someShares());
    this.book.place('ask', this.#last + this.#tick, this.#someShares());
    this.#refill();
  }

  /** How many trades there have been. */
  get tradeCount(): number {
    return this.#tradeCount;
  }

  get quote(): Quote {
    const bid = this.book.best('bid');
    const ask = this.book.best('ask');
    return {
      n: this.#steps,
      bid: bid.price / 100,
      bidSize: bid.size,
      ask: ask.price / 100,
      askSize: ask.size,
      last: this.#last / 100,
      size: this.#size,
      change: Math.round((this.#last / this.#open - 1) * 10_000) / 100,
      volume: this.#volume,
    };
  }

  /** One event, at a time in milliseconds since 1970. */
  step(at: number): void {
    const random = this.#random;
    this.#steps++;
    this.#wander();
    const middle = (this.book.best('bid').price + this.book.best('ask').price) / 2;
    const pull = Math.max(-1, Math.min(1, (this.#fair - middle) / (2 * this.#tick)));
    const goesUp = random.next() < 0.5 + 0.45 * pull;
    const what = random.next();
    if (what < 0.4) this.#trade(goesUp ? 'ask' : 'bid', at);
    else if (what < 0.75) this.#move(goesUp);
    else this.#resize(random.next() < 0.5 ? 'bid' : 'ask', 0);
    this.#resize(random.next() < 0.5 ? 'bid' : 'ask', random.between(1, bookDepth - 1));
    this.#refill();
  }

  #wander(): void {
    // A little of it is the way back: over hours the price stays within reach of where it opened.
    const home = (this.#open - this.#fair) * 0.00002;
    this.#fair += this.#random.normal() * stray * this.#tick + home;
    this.#fair = Math.max(this.#open / 2, this.#fair);
  }

  #trade(side: Side, at: number): void {
    const { price, size } = this.book.take(side, lot * (1 + Math.floor(this.#random.next() ** 3 * 12)));
    this.#last = price;
    this.#size = size;
    this.#volume += size;
    const taker = side === 'ask' ? 'buyer' : 'seller';
    this.trades.push({ n: ++this.#tradeCount, price: price / 100, size, taker, at });
    if (this.trades.length > keptTrades) this.trades.shift();
  }

  /** Somebody bids more or asks less; where there is no room between the two, the one in the way gives up. */
  #move(goesUp: boolean): void {
    const { book } = this;
    const [side, other]: readonly [Side, Side] = goesUp ? ['bid', 'ask'] : ['ask', 'bid'];
    if (book.spread > this.#tick) {
      const price = book.best(side).price + (goesUp ? this.#tick : -this.#tick);
      book.place(side, price, this.#someShares());
    } else book.levels(other).shift();
  }

  #resize(side: Side, index: number): void {
    const level = this.book.levels(side)[index];
    if (!level) return;
    const size = this.#someShares();
    this.book.place(side, level.price, size === level.size ? size + lot : size);
  }

  /** Keeps the depth of both sides, and the gap between them narrow. */
  #refill(): void {
    const { book } = this;
    for (const side of ['bid', 'ask'] as const) {
      const outward = side === 'bid' ? -this.#tick : this.#tick;
      const levels = book.levels(side);
      while (levels.length > bookDepth) levels.pop();
      while (levels.length < bookDepth) {
        const from = levels.at(-1)?.price ?? this.#last;
        book.place(side, from + outward * this.#random.between(1, 2), this.#someShares());
      }
    }
    while (book.spread > widestSpread * this.#tick) {
      const side = this.#fair > book.best('bid').price + book.spread / 2 ? 'bid' : 'ask';
      book.levels(side).pop();
      book.place(side, book.best(side).price + (side === 'bid' ? this.#tick : -this.#tick), this.#someShares());
    }
  }

  #someShares(): number {
    return lot * this.#random.between(1, biggestLevel);
  }

  #round(price: number): number {
    return Math.round(price / this.#tick) * this.#tick;
  }
}
