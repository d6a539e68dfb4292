import { describeValue } from '@longwave/protocol';
import type { Kinds, Entities, RoomDefinition } from '../contract/room.js';
import type { Layout } from '../contract/layout.js';

const mostId = 2 ** 31 - 1;

/** The entities of one kind at one tick, as numbers: a row each, in the order of their ids. */
export class Table {
  readonly layout: Layout;
  count = 0;
  ids = new Int32Array(16);
  numbers: Int32Array;
  readonly texts: string[] = [];

  constructor(layout: Layout) {
    this.layout = layout;
    this.numbers = new Int32Array(16 * layout.numbered.length);
  }

  /** Takes the entities as they are now. Throws `RangeError` for an id that is none. */
  fill(entities: ReadonlyMap<number, object>): void {
    this.resize(entities.size);
    const { ids, layout, numbers, texts } = this;
    const { numbered, texts: textFields } = layout;
    let sorted = true;
    let last = 0;
    let row = 0;
    for (const [id, values] of entities) {
      if (!(Number.isSafeInteger(id) && id >= 1 && id <= mostId)) {
        throw new RangeError(`An entity has the id ${describeValue(id)}; ids are whole numbers from 1 to 2^31 - 1.`);
      }
      if (id < last) sorted = false;
      last = id;
      ids[row] = id;
      if (sorted)
        layout.write(values as Record<string, unknown>, numbers, row * numbered.length, texts, row * textFields.length);
      row++;
    }
    if (sorted) return;
    ids.subarray(0, row).sort();
    for (let i = 0; i < row; i++) {
      const values = entities.get(ids[i]!) as Record<string, unknown>;
      layout.write(values, numbers, i * numbered.length, texts, i * textFields.length);
    }
  }

  resize(count: number): void {
    this.count = count;
    const width = this.layout.numbered.length;
    if (this.ids.length < count) {
      const length = Math.max(count, this.ids.length * 2);
      this.ids = new Int32Array(length);
      this.numbers = new Int32Array(length * width);
    }
    this.texts.length = count * this.layout.texts.length;
  }

  /** Row of the entity, -1 where there is none. */
  rowOf(id: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.ids[middle]!;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** All entities of a room at one tick. */
export class World {
  tick = 0;
  readonly tables: readonly Table[];

  constructor({ entityLayouts }: Pick<RoomDefinition, 'entityLayouts'>) {
    this.tables = entityLayouts.map(({ layout }) => new Table(layout));
  }

  get size(): number {
    return this.tables.reduce((sum, { count }) => sum + count, 0);
  }
}

/**
 * Takes the room's entities into `world`. Throws `RangeError` for more than the contract allows, `TypeError` where the state lacks a
 * kind.
 */
export function capture<E extends Kinds>(
  world: World,
  definition: RoomDefinition<E, Kinds>,
  state: Entities<E>,
  tick: number,
): World {
  world.tick = tick;
  const { entityLayouts, maxEntities } = definition;
  for (const [i, { kind }] of entityLayouts.entries()) {
    const entities: unknown = state[kind];
    if (!(entities instanceof Map)) {
      throw new TypeError(
        `The state of a room needs a Map of its entities as '${kind}', not ${describeValue(entities)}.`,
      );
    }
    world.tables[i]!.fill(entities as Map<number, object>);
  }
  if (world.size > maxEntities)
    throw new RangeError(`The room has ${world.size} entities; it may have ${maxEntities}.`);
  return world;
}
