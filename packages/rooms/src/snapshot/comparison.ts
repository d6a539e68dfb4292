import type { Layout } from '../contract/layout.js';
import { Bytes } from './bytes.js';
import type { Table, World } from './world.js';

/** With so many fields or fewer, the set of changed ones stands in front of the entity, in one number with its id. */
const mostInHead = 16;

/** The mask of an entity that the older world did not have. */
export const whole = -1;

/** The head of an entity is its distance times this, and the bits of the fields that follow. With many fields 1: they stand in its bytes. */
export function maskSpan({ size }: Layout): number {
  return size <= mostInHead ? 2 ** size : 1;
}

/** The changes of the entities of one kind between two worlds, and the bytes that say them. */
export class TableComparison {
  /**
   * For each row of the newer table: 0 for unchanged, `whole` for an entity that the older one did not have, else the bits of the
   * fields that changed; of a kind with many fields 1, and the bits are in the bytes.
   */
  masks = new Int32Array(16);
  /** Where the bytes of each row begin and end, in `bytes`. */
  starts = new Int32Array(16);
  ends = new Int32Array(16);
  /** The row of the older table of each that has changed. */
  places = new Int32Array(16);
  added = 0;
  changed = 0;
  /** Rows of the older table that are gone. */
  removed = new Int32Array(16);
  removedCount = 0;

  /** `base` undefined: all is new. */
  compare(base: Table | undefined, now: Table, bytes: Bytes): void {
    this.#resize(now.count, base?.count ?? 0);
    const { masks, starts, ends, places, removed } = this;
    this.added = this.changed = this.removedCount = 0;
    const baseCount = base?.count ?? 0;
    let older = 0;
    for (let row = 0; row < now.count; row++) {
      const id = now.ids[row]!;
      while (older < baseCount && base!.ids[older]! < id) removed[this.removedCount++] = older++;
      starts[row] = bytes.length;
      if (older < baseCount && base!.ids[older] === id) {
        places[row] = older;
        masks[row] = writeChanges(bytes, base!, older++, now, row);
        if (masks[row] !== 0) this.changed++;
      } else {
        writeWhole(bytes, now, row);
        masks[row] = whole;
        this.added++;
      }
      ends[row] = bytes.length;
    }
    while (older < baseCount) removed[this.removedCount++] = older++;
  }

  #resize(rows: number, removed: number): void {
    if (this.masks.length < rows) {
      const length = Math.max(rows, this.masks.length * 2);
      this.masks = new Int32Array(length);
      this.starts = new Int32Array(length);
      this.ends = new Int32Array(length);
      this.places = new Int32Array(length);
    }
    if (this.removed.length < removed) this.removed = new Int32Array(Math.max(removed, this.removed.length * 2));
  }
}

/** The changes of a room between two ticks. Written once, however many are told of it. */
export class Comparison {
  readonly tables: readonly TableComparison[];
  readonly bytes = new Bytes();
  /** Tick of the older world, 0 for none. */
  baseTick = 0;

  constructor(world: World) {
    this.tables = world.tables.map(() => new TableComparison());
  }

  compare(base: World | undefined, now: World): this {
    this.bytes.clear();
    this.baseTick = base?.tick ?? 0;
    for (const [i, table] of this.tables.entries()) table.compare(base?.tables[i], now.tables[i]!, this.bytes);
    return this;
  }
}

/** All fields. */
export function writeWhole(bytes: Bytes, table: Table, row: number): void {
  const { numbered, texts } = table.layout;
  for (let i = 0; i < numbered.length; i++) bytes.uint(table.numbers[row * numbered.length + i]!);
  for (let i = 0; i < texts.length; i++) bytes.text(table.texts[row * texts.length + i]!);
}

/** The fields that changed, as differences. Returns the mask. */
export function writeChanges(bytes: Bytes, base: Table, older: number, now: Table, row: number): number {
  const { layout } = now;
  const { numbered, texts } = layout;
  const width = numbered.length;
  if (layout.size > mostInHead) return writeManyChanges(bytes, base, older, now, row);
  let mask = 0;
  for (let i = 0; i < width; i++) {
    const difference = now.numbers[row * width + i]! - base.numbers[older * width + i]!;
    if (difference === 0) continue;
    mask |= 1 << i;
    bytes.int(difference);
  }
  for (let i = 0; i < texts.length; i++) {
    const text = now.texts[row * texts.length + i]!;
    if (text === base.texts[older * texts.length + i]) continue;
    mask |= 1 << (width + i);
    bytes.text(text);
  }
  return mask;
}

/** The bits of the mask come first, eight to a byte. */
function writeManyChanges(bytes: Bytes, base: Table, older: number, now: Table, row: number): number {
  const { numbered, texts, size } = now.layout;
  const width = numbered.length;
  const begin = bytes.length;
  for (let i = 0; i < size; i += 8) bytes.byte(0);
  let any = 0;
  const mark = (field: number): void => {
    any = 1;
    bytes.data[begin + (field >> 3)]! |= 1 << (field & 7);
  };
  for (let i = 0; i < width; i++) {
    const difference = now.numbers[row * width + i]! - base.numbers[older * width + i]!;
    if (difference === 0) continue;
    mark(i);
    bytes.int(difference);
  }
  for (let i = 0; i < texts.length; i++) {
    const text = now.texts[row * texts.length + i]!;
    if (text === base.texts[older * texts.length + i]) continue;
    mark(width + i);
    bytes.text(text);
  }
  if (any === 0) bytes.length = begin;
  return any;
}
