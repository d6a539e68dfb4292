import type { Layout } from '../contract/layout.js';
import type { RoomDefinition } from '../contract/room.js';
import { BytesReader, malformed } from './bytes.js';
import { maskSpan } from './comparison.js';

/** An entity as its receiver knows it. */
export interface KnownEntity {
  readonly numbers: Int32Array;
  readonly texts: string[];
}

/** The entities of one kind that a receiver knows. */
export interface KnownKind {
  readonly kind: string;
  readonly layout: Layout;
  readonly entities: Map<number, KnownEntity>;
  /** Their ids in order. */
  ids: number[];
}

/** The receiver's side of snapshots: applies each to what it knows. */
export class KnownEntities {
  readonly kinds: readonly KnownKind[];
  /** Tick of the last snapshot, 0 before the first. */
  tick = 0;
  readonly #maxEntities: number;

  constructor({ entityLayouts, maxEntities }: Pick<RoomDefinition, 'entityLayouts' | 'maxEntities'>) {
    this.#maxEntities = maxEntities;
    this.kinds = entityLayouts.map(({ kind, layout }) => ({ kind, layout, entities: new Map(), ids: [] }));
  }

  /**
   * Applies a snapshot. False: it says the difference to another tick than the last. Throws `RangeError` where it is none; what is
   * known is of no use then, until one comes that says all.
   */
  apply(snapshot: Uint8Array): boolean {
    const reader = new BytesReader(snapshot);
    const tick = reader.uint();
    const back = reader.uint();
    if (back === 0) for (const kind of this.kinds) forgetAll(kind);
    else if (tick - back !== this.tick) return false;
    // A failure on the way leaves a part of it applied.
    this.tick = 0;
    for (const kind of this.kinds) {
      const { ids } = kind;
      const removed = readRemoved(reader, ids.length);
      const added = readAdded(reader, kind.layout, this.#maxEntities);
      readChanged(reader, kind);
      replaceSome(kind, removed, added);
      if (kind.ids.length > this.#maxEntities) throw malformed();
    }
    if (reader.left > 0) throw malformed();
    this.tick = tick;
    return true;
  }

  /** One number for all that is known: another one means that server and receiver do not know the same. */
  hash(): number {
    let sum = 0;
    for (const [i, { entities }] of this.kinds.entries()) {
      for (const [id, { numbers, texts }] of entities)
        sum = (sum + hashEntity(i, id, numbers, 0, numbers.length, texts, 0, texts.length)) | 0;
    }
    return sum >>> 0;
  }
}

function forgetAll(kind: KnownKind): void {
  kind.entities.clear();
  kind.ids = [];
}

/** Places among those that are known, in order. */
function readRemoved(reader: BytesReader, known: number): readonly number[] {
  const places: number[] = [];
  const count = reader.uint(known);
  for (let i = 0, place = -1; i < count; i++) {
    place += reader.uint(known);
    if (place < 0 || place >= known || place === places.at(-1)) throw malformed();
    places.push(place);
  }
  return places;
}

/** By their ids, in order. */
function readAdded(reader: BytesReader, layout: Layout, most: number): ReadonlyMap<number, KnownEntity> {
  const added = new Map<number, KnownEntity>();
  const count = reader.uint(Math.min(reader.left, most));
  for (let i = 0, id = 0; i < count; i++) {
    const gap = reader.uint(2 ** 31 - 1);
    if (gap === 0) throw malformed();
    id += gap;
    added.set(id, readWhole(reader, layout));
  }
  return added;
}

function readChanged(reader: BytesReader, { layout, entities, ids }: KnownKind): void {
  const count = reader.uint(ids.length);
  const span = maskSpan(layout);
  for (let i = 0, place = -1; i < count; i++) {
    const head = reader.uint();
    place += Math.floor(head / span);
    const entity = entities.get(ids[place] ?? 0);
    if (!entity) throw malformed();
    if (span > 1) readChanges(reader, layout, entity, head % span);
    else readManyChanges(reader, layout, entity);
  }
}

/** An entity that is removed and added is another one by the same id. */
function replaceSome(kind: KnownKind, removed: readonly number[], added: ReadonlyMap<number, KnownEntity>): void {
  if (removed.length === 0 && added.size === 0) return;
  const { entities, ids } = kind;
  for (const place of removed) entities.delete(ids[place]!);
  for (const [id, entity] of added) {
    if (entities.has(id)) throw malformed();
    entities.set(id, entity);
  }
  kind.ids = [...entities.keys()].toSorted((a, b) => a - b);
}

function readWhole(reader: BytesReader, { numbered, texts }: Layout): KnownEntity {
  const numbers = new Int32Array(numbered.length);
  for (let i = 0; i < numbered.length; i++) numbers[i] = reader.uint(numbered[i]!.field.last);
  return { numbers, texts: texts.map(({ field }) => reader.text(field.maxLength)) };
}

function readChanges(reader: BytesReader, layout: Layout, entity: KnownEntity, mask: number): void {
  for (let i = 0; i < layout.size; i++) if (mask & (1 << i)) readField(reader, layout, entity, i);
}

function readManyChanges(reader: BytesReader, layout: Layout, entity: KnownEntity): void {
  const masks: number[] = [];
  for (let i = 0; i < layout.size; i += 8) masks.push(reader.byte());
  for (let i = 0; i < layout.size; i++) if (masks[i >> 3]! & (1 << (i & 7))) readField(reader, layout, entity, i);
}

function readField(reader: BytesReader, { numbered, texts }: Layout, entity: KnownEntity, index: number): void {
  if (index >= numbered.length) {
    const place = index - numbered.length;
    entity.texts[place] = reader.text(texts[place]!.field.maxLength);
    return;
  }
  const number = entity.numbers[index]! + reader.int();
  if (!(number >= 0 && number <= numbered[index]!.field.last)) throw malformed();
  entity.numbers[index] = number;
}

/** A number for one entity. The sum over entities is that of all, in whichever order. */
export function hashEntity(
  kind: number,
  id: number,
  numbers: Int32Array,
  from: number,
  count: number,
  texts: readonly string[],
  textsFrom: number,
  textCount: number,
): number {
  let hash = Math.imul(kind + 1, 0x9e3779b1) ^ Math.imul(id, 0x85ebca6b);
  for (let i = 0; i < count; i++) hash = Math.imul(hash ^ numbers[from + i]!, 0x01000193) ^ (hash >>> 15);
  for (let i = 0; i < textCount; i++) {
    const text = texts[textsFrom + i]!;
    for (let j = 0; j < text.length; j++) hash = Math.imul(hash ^ text.charCodeAt(j), 0x01000193) ^ (hash >>> 15);
  }
  return hash | 0;
}
