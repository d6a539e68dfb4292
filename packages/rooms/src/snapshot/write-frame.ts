import type { Layout } from '../contract/layout.js';
import type { Bytes } from './bytes.js';
import { type Comparison, maskSpan, whole } from './comparison.js';
import type { World } from './world.js';

/**
 * A snapshot: `tick`, how many ticks before it the one lies that it says the difference to (0: it says all), then three lists for each
 * kind. The entities that are gone, by their places among those that the receiver knows, which stand in the order of their ids. The new
 * ones: the distance of the id to the one before it, then all fields. Those that changed: a head of the distance of their place and the fields that
 * follow, then these.
 */
export function writeHeader(bytes: Bytes, tick: number, baseTick: number): void {
  bytes.uint(tick);
  bytes.uint(baseTick === 0 ? 0 : tick - baseTick);
}

/**
 * An entity that changed: the distance to the place before it and which fields follow, as `maskSpan` packs them into one number, then the
 * bytes of these. Hot path: it runs for each entity that a viewer sees.
 */
export function writeChanged(bytes: Bytes, head: number, from: Uint8Array, start: number, end: number): void {
  if (head < 2 ** 14) {
    bytes.reserve(2 + end - start);
    const { data } = bytes;
    let at = bytes.length;
    if (head > 127) data[at++] = (head & 127) | 128;
    data[at++] = head > 127 ? head >> 7 : head;
    for (let i = start; i < end; i++) data[at++] = from[i]!;
    bytes.length = at;
  } else {
    bytes.uint(head);
    bytes.raw(from, start, end);
  }
}

/** @see writeChanged */
export function headOf(gap: number, mask: number, span: number): number {
  return span === 1 ? gap : gap * span + mask;
}

/** The whole difference, for whoever has all of the older world. */
export function writeFrame(bytes: Bytes, world: World, comparison: Comparison): void {
  writeHeader(bytes, world.tick, comparison.baseTick);
  for (const [i, compared] of comparison.tables.entries()) {
    const { ids, count, layout } = world.tables[i]!;
    const { masks, starts, ends, places, added, changed } = compared;
    const { data } = comparison.bytes;
    writeGaps(bytes, compared.removed, compared.removedCount);
    bytes.uint(added);
    for (let row = 0, last = 0; row < count && added > 0; row++) {
      if (masks[row] !== whole) continue;
      bytes.uint(ids[row]! - last);
      bytes.raw(data, starts[row]!, ends[row]!);
      last = ids[row]!;
    }
    bytes.uint(changed);
    const span = maskSpan(layout);
    for (let row = 0, last = -1; row < count && changed > 0; row++) {
      const mask = masks[row]!;
      if (mask === 0 || mask === whole) continue;
      writeChanged(bytes, headOf(places[row]! - last, mask, span), data, starts[row]!, ends[row]!);
      last = places[row]!;
    }
  }
}

/** How many places, then each as its distance to the one before it. */
export function writeGaps(bytes: Bytes, places: ArrayLike<number>, count: number): void {
  bytes.uint(count);
  for (let i = 0, last = -1; i < count; i++) {
    bytes.uint(places[i]! - last);
    last = places[i]!;
  }
}

/** Bytes of an entity of this kind with its head, at most: in numbers of one or two bytes it takes half of it. */
export function mostBytes({ numbered, texts }: Layout): number {
  return 4 + numbered.length * 4 + texts.reduce((sum, { field }) => sum + field.maxLength + 1, 0);
}
