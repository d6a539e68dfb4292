import type { Demand } from 'longwave';
import type { Quote } from '../../shared/ticker/market.js';
import { mergeMs, noDemand } from './demand.js';
import type { Stock } from './stock.js';

type Entry = readonly [symbol: string, quote: Quote];

/**
 * Which quotes are worth storing: those that somebody watches, and no more of them than the fastest viewer asked for. In between
 * the last one of a symbol stands for those before it.
 */
export class QuoteOutlet {
  #demand = noDemand;
  /** Undefined: all. */
  #wanted: ReadonlySet<string> | undefined = new Set();
  /** Stored one by one, in this order. */
  #each: Entry[] = [];
  /** Stored as they are when it is time. */
  readonly #merged = new Set<Stock>();
  #dueAt = 0;

  get watchers(): number {
    return this.#demand.watchers;
  }

  /** Stocks that were not wanted before are stored now, as far as `stocks` go: they have moved since. */
  ask(demand: Demand, stocks: Iterable<Stock>): void {
    const before = this.#wanted;
    this.#demand = demand;
    this.#wanted = demand.keys && new Set(demand.keys);
    for (const stock of stocks) {
      if (before && !before.has(stock.symbol) && this.#wants(stock)) this.#merged.add(stock);
    }
    this.#dueAt = 0;
  }

  note(stock: Stock): void {
    if (!this.#wants(stock)) return;
    if (mergeMs(this.#demand) > 0) this.#merged.add(stock);
    else this.#each.push([stock.symbol, stock.quote]);
  }

  /** Returns the entries to be stored at `now` (milliseconds). */
  take(now: number): readonly Entry[] {
    if (this.#merged.size === 0 && this.#each.length === 0) return [];
    if (now < this.#dueAt) return [];
    this.#dueAt = now + mergeMs(this.#demand);
    // The merged ones are newer than those that waited before them, and older than none.
    const entries = [...this.#each, ...[...this.#merged].map((stock): Entry => [stock.symbol, stock.quote])];
    this.#each = [];
    this.#merged.clear();
    return entries;
  }

  #wants({ symbol }: Stock): boolean {
    return this.#demand.watchers > 0 && (this.#wanted?.has(symbol) ?? true);
  }
}
