import type { Bytes } from './bytes.js';
import { type Comparison, headBits, whole } from './comparison.js';
import type { World } from './world.js';

/**
 * A snapshot: `tick`, how many ticks before it the one lies that it says the difference to (0: it says all), then for each kind how
 * many entities are gone, their ids as distances, how many are new or changed, and these: a head of the distance of the id and the
 * fields that follow, then the fields.
 */
export function writeHeader(bytes: Bytes, tick: number, baseTick: number): void {
  bytes.uint(tick);
  bytes.uint(baseTick === 0 ? 0 : tick - baseTick);
}

/** Distance to the id before it, and which fields follow. */
export function writeHead(bytes: Bytes, gap: number, mask: number, bits: number): void {
  const fields = mask === whole ? 1 : mask << 1;
  const head = gap * 2 ** bits + fields;
  if (head < 128) bytes.byte(head);
  else bytes.uint(head);
}

/** The whole difference, for whoever has all of the older world. */
export function writeFrame(bytes: Bytes, world: World, comparison: Comparison): void {
  writeHeader(bytes, world.tick, comparison.baseTick);
  for (const [i, compared] of comparison.tables.entries()) {
    const { ids, count, layout } = world.tables[i]!;
    writeRemoved(bytes, compared.removed, compared.removedCount);
    bytes.uint(compared.changed);
    const bits = headBits(layout);
    const { masks, starts, ends } = compared;
    const { data } = comparison.bytes;
    for (let row = 0, last = 0; row < count; row++) {
      const mask = masks[row]!;
      if (mask === 0) continue;
      const id = ids[row]!;
      writeHead(bytes, id - last, mask, bits);
      bytes.raw(data, starts[row]!, ends[row]!);
      last = id;
    }
  }
}

export function writeRemoved(bytes: Bytes, removed: ArrayLike<number>, count: number): void {
  bytes.uint(count);
  for (let i = 0, last = 0; i < count; i++) {
    bytes.uint(removed[i]! - last);
    last = removed[i]!;
  }
}
