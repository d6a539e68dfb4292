import type { Range } from './ranges.js';
import { getter } from './compiled-view.js';

/** The most fields of one state that are kept. Peers choose them. */
const maxColumns = 8;
/** A field gives its place to another one when this many passes were made since it was last used. */
const keptPasses = 1000;
/** Stands for an entry that was not read yet. One that really has this number is read each time. */
const unread = Infinity;

/** The numbers of one field by place, and `NaN` where an entry has none. */
class Column {
  numbers = new Float64Array(0);
  /** The last pass that used it. */
  usedAt = 0;
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
  readonly #columns = new Map<string, Column>();
  #passes = 0;

  /** For one pass over a state of so many places, which does not change meanwhile. Undefined: no numbers are kept for it. */
  sieve(ranges: readonly Range[], places: number): Sieve | undefined {
    this.#passes++;
    const tests: Test[] = [];
    for (const { field, min, max } of ranges) {
      const column = this.#column(field, places);
      if (column) tests.push({ column, min, max });
    }
    return tests.length > 0 ? new Sieve(tests) : undefined;
  }

  #column(field: string, places: number): Column | undefined {
    const column = this.#columns.get(field) ?? this.#begin(field);
    if (!column) return undefined;
    column.usedAt = this.#passes;
    column.reach(places);
    return column;
  }

  /** A list is worth its making for many passes only: peers who ask for ever new fields have none made. */
  #begin(field: string): Column | undefined {
    if (this.#columns.size >= maxColumns) {
      const unused = [...this.#columns].find(([, { usedAt }]) => this.#passes - usedAt >= keptPasses);
      if (!unused) return undefined;
      this.#columns.delete(unused[0]);
    }
    const column = new Column(field);
    this.#columns.set(field, column);
    return column;
  }

  /** The entry at this place is another now. */
  forget(place: number): void {
    for (const column of this.#columns.values()) column.forget(place);
  }
}

/** A number of an entry that a view asks for. */
interface Test {
  readonly column: Column;
  readonly min: number;
  readonly max: number;
}

/** Tells which places a view need not look at. */
export class Sieve {
  readonly #tests: readonly Test[];

  constructor(tests: readonly Test[]) {
    this.#tests = tests;
  }

  /** The entry there was read before, and is not in the view. */
  excludes(place: number): boolean {
    for (const { column, min, max } of this.#tests) {
      const number = column.numbers[place]!;
      if (number !== unread && !(number >= min && number <= max)) return true;
    }
    return false;
  }

  /** For the views that come later. */
  note(place: number, value: unknown): void {
    for (const { column } of this.#tests) column.note(place, value);
  }
}
