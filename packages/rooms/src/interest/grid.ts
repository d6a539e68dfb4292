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
  /** For each cell where its entities begin in the lists by cell; the next cell's beginning is their end. */
  readonly #begins: Int32Array;
  // By row.
  #cells = new Int32Array(0);
  #xs = new Float64Array(0);
  #ys = new Float64Array(0);
  // By cell: entities that are looked at together lie together.
  #rows = new Int32Array(0);
  #rowXs = new Float64Array(0);
  #rowYs = new Float64Array(0);
  /** A bit for each row, all 0 between two calls. */
  #marks = new Int32Array(0);

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
  fill({ count, numbers, layout }: Table): void {
    this.#reserve(count);
    const width = layout.numbered.length;
    const begins = this.#begins.fill(0);
    const cells = this.#cells;
    for (let row = 0; row < count; row++) {
      const x = this.#x.min + numbers[row * width + this.#x.index]! * this.#x.step;
      const y = this.#y.min + numbers[row * width + this.#y.index]! * this.#y.step;
      const cell = this.#line(y) * this.#columns + this.#column(x);
      this.#xs[row] = x;
      this.#ys[row] = y;
      cells[row] = cell;
      begins[cell + 1]!++;
    }
    for (let cell = 1; cell < begins.length; cell++) begins[cell]! += begins[cell - 1]!;
    // From the end, so that the beginnings come out right.
    for (let row = count - 1; row >= 0; row--) {
      const at = --begins[cells[row]! + 1]!;
      this.#rows[at] = row;
      this.#rowXs[at] = this.#xs[row]!;
      this.#rowYs[at] = this.#ys[row]!;
    }
    // Each beginning was moved to where its own cell's rows start: shift them back by one.
    begins.copyWithin(0, 1);
    begins[begins.length - 1] = count;
  }

  xOf(row: number): number {
    return this.#xs[row]!;
  }

  yOf(row: number): number {
    return this.#ys[row]!;
  }

  /** Writes the rows within the radius of the point to `found`, in their order. Returns how many; `found` holds all rows there are. */
  near(x: number, y: number, found: Int32Array): number {
    const radius = this.#radius;
    const square = radius * radius;
    const [rows, rowXs, rowYs, marks] = [this.#rows, this.#rowXs, this.#rowYs, this.#marks];
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    const lastLine = this.#line(y + radius);
    for (let line = this.#line(y - radius); line <= lastLine; line++) {
      // Cells of a line lie beside each other.
      const to = this.#begins[line * this.#columns + right + 1]!;
      for (let i = this.#begins[line * this.#columns + left]!; i < to; i++) {
        const dx = rowXs[i]! - x;
        const dy = rowYs[i]! - y;
        if (dx * dx + dy * dy <= square) marks[rows[i]! >> 5]! |= 1 << (rows[i]! & 31);
      }
    }
    return takeMarks(marks, found);
  }

  #reserve(count: number): void {
    if (this.#rows.length >= count) return;
    const length = Math.max(count, this.#rows.length * 2, 16);
    this.#rows = new Int32Array(length);
    this.#cells = new Int32Array(length);
    this.#xs = new Float64Array(length);
    this.#ys = new Float64Array(length);
    this.#rowXs = new Float64Array(length);
    this.#rowYs = new Float64Array(length);
    this.#marks = new Int32Array((length >> 5) + 1);
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

/** Writes the places of the bits that are set, in their order, and clears them: so nothing has to be sorted. */
function takeMarks(marks: Int32Array, found: Int32Array): number {
  let count = 0;
  for (let word = 0; word < marks.length; word++) {
    let bits = marks[word]!;
    if (bits === 0) continue;
    marks[word] = 0;
    for (; bits !== 0; bits &= bits - 1) found[count++] = (word << 5) + 31 - Math.clz32(bits & -bits);
  }
  return count;
}
