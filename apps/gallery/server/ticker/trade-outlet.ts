import type { Trade } from '../../shared/ticker/market.js';
import type { Stock } from './stock.js';

/** Publishes the trades of one stock while somebody watches: the latest that were missed first, then each. */
export class TradeOutlet {
  readonly #stock: Stock;
  #published = 0;
  isWatched = false;

  constructor(stock: Stock) {
    this.#stock = stock;
  }

  /** Returns the trades to be published, oldest first. */
  take(): readonly Trade[] {
    const { trades, tradeCount } = this.#stock;
    if (!this.isWatched || tradeCount === this.#published) return [];
    const missed = trades.slice(-Math.min(trades.length, tradeCount - this.#published));
    this.#published = tradeCount;
    return missed;
  }
}
