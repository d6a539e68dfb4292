import { Bytes } from '../snapshot/bytes.js';
import { type Comparison, maskSpan, whole, writeChanges, writeWhole } from '../snapshot/comparison.js';
import type { History } from '../snapshot/history.js';
import { hashEntity } from '../snapshot/known-entities.js';
import type { Table, World } from '../snapshot/world.js';
import { headOf, mostBytes, writeGaps, writeChanged, writeHeader } from '../snapshot/write-frame.js';

/** The entities of one kind that one viewer knows, and since when. */
class KnownRows {
  /** Ids in their order. */
  ids = new Int32Array(32);
  /** The tick of the snapshot that told the viewer of each last: what it knows is what was true then. */
  ticks = new Int32Array(32);
  /** The row of each in that snapshot. */
  rows = new Int32Array(32);
  count = 0;

  reserve(count: number): void {
    if (this.ids.length >= count) return;
    const length = Math.max(count, this.ids.length * 2);
    const grow = (from: Int32Array<ArrayBuffer>) => {
      const grown = new Int32Array(length);
      grown.set(from);
      return grown;
    };
    this.ids = grow(this.ids);
    this.ticks = grow(this.ticks);
    this.rows = grow(this.rows);
  }

  push(id: number, tick: number, row: number): void {
    this.ids[this.count] = id;
    this.ticks[this.count] = tick;
    this.rows[this.count++] = row;
  }
}

/** A snapshot and what it is made of, for all viewers. */
export interface Scene {
  readonly world: World;
  /** To the snapshot before. */
  readonly comparison: Comparison;
  readonly history: History;
}

/** The rows of a kind that a viewer sees, in their order. */
export interface Visible {
  readonly rows: Int32Array;
  readonly count: number;
}

/** How much an entity matters to the viewer, above 0: 1 for one that is near, less for one that is far. */
export type Weigh = (kind: number, row: number) => number;

/** An entity that the viewer does not know counts as if it had waited for so many ticks. */
const newcomersWait = 600;

/** One of several viewers of a room, each of whom sees a part of it. Remembers what its receiver was told. */
export class Viewer {
  /** Tick of the last snapshot that was written for it, 0 for none. */
  tick = 0;
  readonly #kinds: { known: KnownRows; spare: KnownRows }[];
  readonly #added = new Bytes();
  readonly #changed = new Bytes();
  readonly #gone: number[] = [];
  /** Entities that did not fit. */
  postponed = 0;

  constructor(world: World) {
    this.#kinds = world.tables.map(() => ({ known: new KnownRows(), spare: new KnownRows() }));
  }

  /** The receiver knows nothing any more: the next snapshot says all. */
  forget(): void {
    this.tick = 0;
    for (const kind of this.#kinds) kind.known.count = 0;
  }

  /**
   * Writes a snapshot of what it sees, of about `maxBytes` at most: entities that do not fit come with a later one, those first that
   * matter most and have waited longest. Removals are told always.
   */
  write(bytes: Bytes, scene: Scene, see: (kind: number) => Visible, maxBytes: number, weigh: Weigh): void {
    const { world } = scene;
    writeHeader(bytes, world.tick, this.tick);
    const begin = bytes.length;
    this.postponed = 0;
    for (let kind = 0; kind < this.#kinds.length; kind++) {
      const left = maxBytes - (bytes.length - begin);
      this.#writeKind(bytes, scene, kind, see(kind), left, weigh);
    }
    this.tick = world.tick;
  }

  /** Hot path: for an entity that the viewer has as of the snapshot before, as nearly all are, nothing is looked up. */
  #writeKind(bytes: Bytes, scene: Scene, kind: number, visible: Visible, left: number, weigh: Weigh): void {
    const { known, spare } = this.#kinds[kind]!;
    const { comparison, world } = scene;
    const { tick } = world;
    const table = world.tables[kind]!;
    const { masks, starts, ends } = comparison.tables[kind]!;
    const { bytes: shared, baseTick } = comparison;
    const { data } = shared;
    const { ids: knownIds, ticks: knownTicks, count: knownCount } = known;
    const { ids } = table;
    const { rows, count } = visible;
    spare.count = 0;
    spare.reserve(count);
    const chosen = this.#fits(scene, kind, visible, left) ? undefined : this.#choose(scene, kind, visible, left, weigh);
    const { gone, added, changed } = this.#begin();
    const span = maskSpan(table.layout);
    let [addedCount, lastId, changedCount, lastPlace] = [0, 0, 0, -1];
    let older = 0;
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const id = ids[row]!;
      while (older < knownCount && knownIds[older]! < id) gone.push(older++);
      const isKnown = older < knownCount && knownIds[older] === id;
      const place = isKnown ? older++ : -1;
      const since = isKnown ? knownTicks[place]! : 0;
      if (chosen && !chosen.has(i)) {
        this.postponed++;
        // One that is known stays as it was told; a new one is not known yet.
        if (isKnown) spare.push(id, since, known.rows[place]!);
        continue;
      }
      spare.push(id, tick, row);
      const isShared = isKnown && since === baseTick;
      const mask = isShared ? masks[row]! : isKnown ? changesOf(scene, kind, row, since) : whole;
      if (mask === 0) continue;
      if (mask === whole) {
        // Its state as the viewer knows it is not kept any more.
        if (isKnown) gone.push(place);
        added.uint(id - lastId);
        writeWhole(added, table, row);
        lastId = id;
        addedCount++;
        continue;
      }
      const head = headOf(place - lastPlace, mask, span);
      if (isShared) writeChanged(changed, head, data, starts[row]!, ends[row]!);
      else writeChanged(changed, head, scratch.data, 0, scratch.length);
      lastPlace = place;
      changedCount++;
    }
    while (older < knownCount) gone.push(older++);
    writeGaps(bytes, gone, gone.length);
    bytes.uint(addedCount);
    bytes.raw(added.data, 0, added.length);
    bytes.uint(changedCount);
    bytes.raw(changed.data, 0, changed.length);
    this.#kinds[kind] = { known: spare, spare: known };
  }

  #begin(): { readonly gone: number[]; readonly added: Bytes; readonly changed: Bytes } {
    this.#gone.length = 0;
    this.#added.clear();
    this.#changed.clear();
    return { gone: this.#gone, added: this.#added, changed: this.#changed };
  }

  /** Whether all that is visible can be told. At most what it would take if all were new or had changed. */
  #fits({ world, comparison }: Scene, kind: number, { rows, count }: Visible, left: number): boolean {
    const { layout } = world.tables[kind]!;
    if (count * mostBytes(layout) <= left) return true;
    const { known } = this.#kinds[kind]!;
    // Nobody new can be among fewer than are known, and who changed is known.
    let bytes = 0;
    const { starts, ends } = comparison.tables[kind]!;
    for (let i = 0; i < count && bytes <= left; i++) bytes += ends[rows[i]!]! - starts[rows[i]!]! + 4;
    return bytes + Math.max(0, count - known.count) * mostBytes(layout) <= left;
  }

  /** Places in `visible` of those that are told: who matters most and has waited longest comes first. */
  #choose(
    { world, comparison }: Scene,
    kind: number,
    { rows, count }: Visible,
    left: number,
    weigh: Weigh,
  ): Set<number> {
    const { known } = this.#kinds[kind]!;
    const { ids, layout } = world.tables[kind]!;
    const { starts, ends, masks } = comparison.tables[kind]!;
    const found: { readonly at: number; readonly bytes: number; readonly urgency: number }[] = [];
    for (let at = 0, older = 0; at < count; at++) {
      const row = rows[at]!;
      while (older < known.count && known.ids[older]! < ids[row]!) older++;
      const since = older < known.count && known.ids[older] === ids[row] ? known.ticks[older]! : 0;
      const isShared = since === comparison.baseTick && since !== 0 && masks[row] !== whole;
      const bytes = isShared ? ends[row]! - starts[row]! + 2 : mostBytes(layout);
      const waited = since === 0 ? newcomersWait : world.tick - since;
      found.push({ at, bytes: isShared && masks[row] === 0 ? 0 : bytes, urgency: waited * weigh(kind, row) });
    }
    found.sort((a, b) => b.urgency - a.urgency);
    const chosen = new Set<number>();
    let spent = 0;
    for (const { at, bytes } of found) {
      if (spent + bytes > left) continue;
      spent += bytes;
      chosen.add(at);
    }
    return chosen;
  }

  /** A number for all that its receiver knows, to compare with what it has. */
  hash({ world, history }: Pick<Scene, 'world' | 'history'>): number {
    let sum = 0;
    for (const [kind, { known }] of this.#kinds.entries()) {
      for (let i = 0; i < known.count; i++) {
        const tick = known.ticks[i]!;
        const table = (tick === world.tick ? world : history.at(tick))?.tables[kind];
        if (table) sum = (sum + hashRow(kind, table, known.rows[i]!)) | 0;
      }
    }
    return sum >>> 0;
  }
}

export function hashRow(kind: number, { ids, numbers, texts, layout }: Table, row: number): number {
  const [width, textWidth] = [layout.numbered.length, layout.texts.length];
  return hashEntity(kind, ids[row]!, numbers, row * width, width, texts, row * textWidth, textWidth);
}

/** The bytes of the changes that `changesOf` found last. */
const scratch = new Bytes();

/** The mask of what has changed since that tick: 0 for nothing, `whole` where it is not known any more what was true then. */
function changesOf({ world, history }: Scene, kind: number, row: number, since: number): number {
  const table = world.tables[kind]!;
  const then = history.at(since)?.tables[kind];
  const older = then ? then.rowOf(table.ids[row]!) : -1;
  if (older < 0) return whole;
  scratch.clear();
  return writeChanges(scratch, then!, older, table, row);
}
