import type { Range } from './ranges.js';
import { getter } from './compiled-view.js';

/** The most fields of one state that are kept. Peers choose them. */
const maxColumns = 8;
/** Stands for an entry that was not read yet. One that really has this number is read each time. */
const unread = Infinity;

/** The numbers of one field by place, and `NaN` where an entry has none. */
class Column {
  numbers = new Float64Array(0);
  readonly #get: (value: unknown) => unknown;

  constructor(field: string) {
    this.#get = getter(field);
  }

  reach(places: number): void {
    if (places <= this.numbers.length) return;
    const longer = new Float64Array(Math.max(places, 2 * this.numbers.length)).fill(unread);
    longer.set(this.numbers);
    this.numbers = longer;
  }

  note(place: number, value: unknown): void {
    const member = this.#get(value);
    this.numbers[place] = typeof member === 'number' ? member : Number.NaN;
  }

  forget(place: number): void {
    if (place < this.numbers.length) this.numbers[place] = unread;
  }
}

/**
 * Numbers of the entries of a state, one list per field that views compare, filled by those that look. Eight bytes an entry
 * and field spare each later view the look at what is not in it.
 */
export class Columns {
  /** The least recently used first. */
  readonly #columns = new Map<string, Column>();

  /** For one pass over a state of so many places, which does not change meanwhile. Undefined: no numbers are compared. */
  sieve(ranges: readonly Range[], places: number): Sieve | undefined {
    if (ranges.length === 0) return undefined;
    return new Sieve(
      ranges,
      ranges.map(({ field }) => this.#column(field, places)),
    );
  }

  #column(field: string, places: number): Column {
    const column = this.#columns.get(field) ?? new Column(field);
    this.#columns.delete(field);
    this.#columns.set(field, column);
    if (this.#columns.size > maxColumns) {
      const [oldest] = this.#columns.keys();
      this.#columns.delete(oldest!);
    }
    column.reach(places);
    return column;
  }

  /** The entry at this place is another now. */
  forget(place: number): void {
    for (const column of this.#columns.values()) column.forget(place);
  }
}

/** Tells which places a view need not look at. */
export class Sieve {
  readonly #ranges: readonly Range[];
  readonly #columns: readonly Column[];

  constructor(ranges: readonly Range[], columns: readonly Column[]) {
    this.#ranges = ranges;
    this.#columns = columns;
  }

  /** The entry there was read before, and is not in the view. */
  excludes(place: number): boolean {
    for (let i = 0; i < this.#ranges.length; i++) {
      const { min, max } = this.#ranges[i]!;
      const number = this.#columns[i]!.numbers[place]!;
      if (number !== unread && !(number >= min && number <= max)) return true;
    }
    return false;
  }

  /** For the views that come later. */
  note(place: number, value: unknown): void {
    for (const column of this.#columns) column.note(place, value);
  }
}
