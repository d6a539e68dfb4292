import type { Demand } from 'longwave';
import { levelKey } from '../../shared/ticker/level-key.js';
import { mergeMs, noDemand } from './demand.js';
import type { OrderBook } from './order-book.js';

export interface BookChange {
  /** Sizes by key of level. */
  readonly puts: readonly (readonly [key: string, size: number])[];
  readonly deletes: readonly string[];
}

/** Keeps the stored levels of one book as the book is, while somebody watches it. When nobody does, nothing is stored of it. */
export class BookOutlet {
  readonly #book: OrderBook;
  readonly #stored = new Map<string, number>();
  #demand = noDemand;
  #hasChanged = false;
  #dueAt = 0;

  constructor(book: OrderBook) {
    this.#book = book;
  }

  ask(demand: Demand): void {
    this.#demand = demand;
    this.#hasChanged = true;
    this.#dueAt = 0;
  }

  note(): void {
    this.#hasChanged = true;
  }

  /**
   * Returns the changes that turn the stored levels into those of the book, at `now` (milliseconds); undefined when it
   * is not time yet or there are none.
   */
  take(now: number): BookChange | undefined {
    if (!this.#hasChanged || now < this.#dueAt) return undefined;
    this.#hasChanged = false;
    this.#dueAt = now + mergeMs(this.#demand);
    const levels = this.#demand.watchers > 0 ? levelsOf(this.#book) : new Map<string, number>();
    const puts = [...levels].filter(([key, size]) => this.#stored.get(key) !== size);
    const deletes = [...this.#stored.keys()].filter((key) => !levels.has(key));
    for (const key of deletes) this.#stored.delete(key);
    for (const [key, size] of puts) this.#stored.set(key, size);
    return puts.length + deletes.length > 0 ? { puts, deletes } : undefined;
  }
}

function levelsOf({ bids, asks }: OrderBook): Map<string, number> {
  return new Map([
    ...bids.map(({ price, size }) => [levelKey('bid', price), size] as const),
    ...asks.map(({ price, size }) => [levelKey('ask', price), size] as const),
  ]);
}
