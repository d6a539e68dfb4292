import type { Side } from '../../shared/ticker/level-key.js';

/** All orders of one side at one price. */
export interface Level {
  /** Cents. */
  readonly price: number;
  /** Shares, more than 0. */
  readonly size: number;
}

/** Bids and asks by price. They never cross: the best bid is below the best ask. */
export class OrderBook {
  /** Best first. */
  readonly bids: Level[] = [];
  readonly asks: Level[] = [];

  levels(side: Side): Level[] {
    return side === 'bid' ? this.bids : this.asks;
  }

  best(side: Side): Level {
    const [best] = this.levels(side);
    if (!best) throw new RangeError(`There is no ${side}.`);
    return best;
  }

  get spread(): number {
    return this.best('ask').price - this.best('bid').price;
  }

  /** Adds a level, or gives one another size. Throws `RangeError` when the book would cross. */
  place(side: Side, price: number, size: number): void {
    const levels = this.levels(side);
    const [other] = this.levels(side === 'bid' ? 'ask' : 'bid');
    if (other && (side === 'bid' ? price >= other.price : price <= other.price)) {
      throw new RangeError(`A ${side} at ${price} crosses the book at ${other.price}.`);
    }
    const at = levels.findIndex((level) => (side === 'bid' ? level.price <= price : level.price >= price));
    const level: Level = { price, size };
    if (at === -1) levels.push(level);
    else levels.splice(at, levels[at]?.price === price ? 1 : 0, level);
  }

  /** Takes up to `size` shares from the best level, which is gone when it has no more. Returns what was taken. */
  take(side: Side, size: number): Level {
    const { price, size: available } = this.best(side);
    const taken = Math.min(size, available);
    if (taken === available) this.levels(side).shift();
    else this.levels(side)[0] = { price, size: available - taken };
    return { price, size: taken };
  }
}
