import type { Table } from '../snapshot/world.js';

/** Cells of a grid at most: a small radius in a wide room gets larger cells. */
const mostCells = 1 << 16;

/** The place of a field among the numbered ones, and how to read it. */
interface Axis {
  readonly index: number;
  readonly min: number;
  readonly step: number;
}

/** Finds the entities of one kind that are near to a point. Made anew at each snapshot, without an allocation. */
export class Grid {
  readonly #radius: number;
  readonly #x: Axis;
  readonly #y: Axis;
  readonly #columns: number;
  readonly #lines: number;
  readonly #cell: number;
  /** For each cell where its rows begin in `#rows`; the next cell's beginning is their end. */
  readonly #begins: Int32Array;
  #cells = new Int32Array(16);
  #rows = new Int32Array(16);
  #table: Table | undefined;

  private constructor(table: Table, radius: number, x: Axis, y: Axis) {
    this.#radius = radius;
    this.#x = x;
    this.#y = y;
    const [width, height] = [x, y].map(({ index, step }) => step * table.layout.numbered[index]!.field.last) as [
      number,
      number,
    ];
    this.#cell = Math.max(
      radius,
      Math.sqrt((width * height) / (mostCells / 4)),
      Math.max(width, height) / (mostCells / 4),
    );
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#lines = Math.floor(height / this.#cell) + 1;
    this.#begins = new Int32Array(this.#columns * this.#lines + 1);
  }

  /** Undefined for a kind without numbers `x` and `y`: it lies nowhere. */
  static of(table: Table, radius: number): Grid | undefined {
    const [x, y] = ['x', 'y'].map((name) => axis(table, name));
    return x && y && new Grid(table, radius, x, y);
  }

  /** Takes the entities of a snapshot. */
  fill(table: Table): void {
    this.#table = table;
    const { count } = table;
    if (this.#rows.length < count) {
      const length = Math.max(count, this.#rows.length * 2);
      this.#rows = new Int32Array(length);
      this.#cells = new Int32Array(length);
    }
    const begins = this.#begins.fill(0);
    const cells = this.#cells;
    for (let row = 0; row < count; row++) {
      const cell = this.#line(this.yOf(row)) * this.#columns + this.#column(this.xOf(row));
      cells[row] = cell;
      begins[cell + 1]!++;
    }
    for (let cell = 1; cell < begins.length; cell++) begins[cell]! += begins[cell - 1]!;
    // From the end, so that the beginnings come out right and the rows of a cell stay in their order.
    for (let row = count - 1; row >= 0; row--) this.#rows[--begins[cells[row]! + 1]!] = row;
    // Each beginning was moved to where its own cell's rows start: shift them back by one.
    begins.copyWithin(0, 1);
    begins[begins.length - 1] = count;
  }

  xOf(row: number): number {
    return this.#coordinate(this.#x, row);
  }

  yOf(row: number): number {
    return this.#coordinate(this.#y, row);
  }

  /** Writes the rows within the radius of the point to `found`, in their order. Returns how many; `found` holds all rows there are. */
  near(x: number, y: number, found: Int32Array): number {
    const radius = this.#radius;
    const square = radius * radius;
    let count = 0;
    for (let line = this.#line(y - radius); line <= this.#line(y + radius); line++) {
      const from = this.#begins[line * this.#columns + this.#column(x - radius)]!;
      const to = this.#begins[line * this.#columns + this.#column(x + radius) + 1]!;
      // Cells of a line lie beside each other.
      for (let i = from; i < to; i++) {
        const row = this.#rows[i]!;
        const [dx, dy] = [this.xOf(row) - x, this.yOf(row) - y];
        if (dx * dx + dy * dy <= square) found[count++] = row;
      }
    }
    sortRows(found, count);
    return count;
  }

  #coordinate({ index, min, step }: Axis, row: number): number {
    const { numbers, layout } = this.#table!;
    return min + numbers[row * layout.numbered.length + index]! * step;
  }

  #column(x: number): number {
    return clamp(Math.floor((x - this.#x.min) / this.#cell), this.#columns - 1);
  }

  #line(y: number): number {
    return clamp(Math.floor((y - this.#y.min) / this.#cell), this.#lines - 1);
  }
}

function axis({ layout }: Table, name: string): Axis | undefined {
  const index = layout.numbered.findIndex((named) => named.name === name);
  const scale = layout.numbered[index]?.field.scale;
  return scale && { index, ...scale };
}

function clamp(value: number, last: number): number {
  return value > 0 ? Math.min(value, last) : 0;
}

/** Those that are near are few: for them this is quicker than the sort of the language. */
function sortRows(rows: Int32Array, count: number): void {
  if (count > 64) {
    rows.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const row = rows[i]!;
    let at = i - 1;
    while (at >= 0 && rows[at]! > row) rows[at + 1] = rows[at--]!;
    rows[at + 1] = row;
  }
}
