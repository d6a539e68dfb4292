/** Clocks from one, up to and without another. */
export interface ClockRange {
  readonly from: number;
  readonly to: number;
}

/** Ranges of clocks by Yjs client: which structs somebody has, or has deleted. */
export class ClockRanges {
  /** Starts and ends, by turns, rising; neighbours that touch are one. */
  readonly #clients = new Map<number, number[]>();
  /** Ranges of all clients. */
  size = 0;

  add(client: number, from: number, to: number): void {
    if (to <= from) return;
    const bounds = this.#clients.get(client);
    if (!bounds) {
      this.#clients.set(client, [from, to]);
      this.size++;
      return;
    }
    // At the end: nearly always so.
    const last = bounds.length - 1;
    if (from === bounds[last]) return void (bounds[last] = to);
    // The first range that ends at `from` or later, and the first that begins after `to`.
    const first = search(bounds, from, 1);
    const after = search(bounds, to + 1, 0);
    const start = first < after ? Math.min(from, bounds[2 * first]!) : from;
    const end = first < after ? Math.max(to, bounds[2 * after - 1]!) : to;
    this.size += 1 - (after - first);
    bounds.splice(2 * first, 2 * (after - first), start, end);
  }

  /** Ranges of one client, in any order: a peer may have chosen a slow one. */
  addAll(client: number, ranges: readonly ClockRange[]): void {
    if (ranges.length <= fewRanges) {
      for (const { from, to } of ranges) this.add(client, from, to);
      return;
    }
    const sorted = ranges.toSorted((a, b) => a.from - b.from);
    const bounds = this.#clients.get(client) ?? [];
    // Ranges in front of the first and behind the last of the new ones stay as they are.
    const first = search(bounds, sorted[0]!.from, 1);
    const after = search(bounds, sorted.reduce((end, { to }) => Math.max(end, to), 0) + 1, 0);
    const merged = merge(bounds.slice(2 * first, 2 * after), sorted);
    this.size += merged.length / 2 - (after - first);
    this.#clients.set(client, bounds.slice(0, 2 * first).concat(merged, bounds.slice(2 * after)));
  }

  covers(client: number, from: number, to: number): boolean {
    if (to <= from) return true;
    const bounds = this.#clients.get(client);
    if (!bounds) return false;
    const at = search(bounds, from + 1, 1);
    return 2 * at < bounds.length && bounds[2 * at]! <= from && to <= bounds[2 * at + 1]!;
  }

  /** The end of the range that begins with 0: the client's part of a state vector. */
  prefixOf(client: number): number {
    const bounds = this.#clients.get(client);
    return bounds?.[0] === 0 ? bounds[1]! : 0;
  }

  get clients(): Iterable<number> {
    return this.#clients.keys();
  }

  /** The bounds of a client's ranges: starts and ends by turns. */
  boundsOf(client: number): readonly number[] {
    return this.#clients.get(client) ?? [];
  }
}

/** The bounds of ranges that are sorted, and of others that are sorted by their starts. */
function merge(bounds: readonly number[], ranges: readonly ClockRange[]): number[] {
  const merged: number[] = [];
  const add = (from: number, to: number): void => {
    const end = merged.at(-1);
    if (to <= from) return;
    if (end === undefined || from > end) merged.push(from, to);
    else if (to > end) merged[merged.length - 1] = to;
  };
  let at = 0;
  for (const { from, to } of ranges) {
    for (; at < bounds.length && bounds[at]! < from; at += 2) add(bounds[at]!, bounds[at + 1]!);
    add(from, to);
  }
  for (; at < bounds.length; at += 2) add(bounds[at]!, bounds[at + 1]!);
  return merged;
}

/** As many are put in their places one by one. */
const fewRanges = 16;

/** Index of the first range whose start (`side` 0) or end (`side` 1) is at least `value`. */
function search(bounds: readonly number[], value: number, side: 0 | 1): number {
  let low = 0;
  let high = bounds.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[2 * middle + side]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
