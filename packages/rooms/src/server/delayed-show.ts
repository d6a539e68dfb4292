import type { RoomDefinition } from '../contract/room.js';
import { Bytes } from '../snapshot/bytes.js';
import { Comparison } from '../snapshot/comparison.js';
import { History } from '../snapshot/history.js';
import { KnownEntities } from '../snapshot/known-entities.js';
import { World } from '../snapshot/world.js';
import { writeFrame } from '../snapshot/write-frame.js';
import type { RoomEvent } from '../wire/down.js';
import type { Shown } from './audience.js';

/** Snapshots to continue from, for spectators whose links lag. */
const keptSnapshots = 8;
const mostEvents = 256;

interface Kept {
  readonly tick: number;
  readonly frame: Uint8Array;
  readonly events: readonly RoomEvent[];
}

/** A room as it was some steps ago. Keeps the differences in between, not the worlds. */
export class DelayedShow implements Shown {
  readonly history: History;
  readonly comparison: Comparison;
  readonly events: RoomEvent[] = [];
  readonly #delay: number;
  readonly #kept: Kept[] = [];
  readonly #known: KnownEntities;
  readonly #bytes = new Bytes();
  readonly #nothing: World;
  #told = 0;

  constructor(definition: RoomDefinition) {
    this.#delay = definition.spectatorDelay;
    this.#known = new KnownEntities(definition);
    this.history = new History(definition, keptSnapshots);
    this.#nothing = new World(definition);
    this.comparison = new Comparison(this.#nothing);
  }

  /** An empty world of tick 0, until the first snapshot is old enough. */
  get newest(): World {
    return this.history.newest ?? this.#nothing;
  }

  /** Takes the newest snapshot of the room. True: there is another one to be shown. */
  push(room: Shown): boolean {
    const { newest, comparison, events } = room;
    this.#bytes.clear();
    writeFrame(this.#bytes, newest, comparison);
    const fresh = events.filter(({ tick }) => tick > this.#told);
    this.#told = newest.tick;
    this.#kept.push({ tick: newest.tick, frame: this.#bytes.copy(), events: fresh });
    let isNew = false;
    while (this.#kept.length > 0 && this.#kept[0]!.tick <= newest.tick - this.#delay) {
      const { frame, events: then } = this.#kept.shift()!;
      this.#known.apply(frame);
      this.events.push(...then);
      isNew = true;
    }
    if (isNew) this.#show();
    return isNew;
  }

  #show(): void {
    if (this.events.length > mostEvents) this.events.splice(0, this.events.length - mostEvents);
    const base = this.history.newest;
    const world = this.history.next();
    world.tick = this.#known.tick;
    for (const [i, { ids, entities, layout }] of this.#known.kinds.entries()) {
      const table = world.tables[i]!;
      table.resize(ids.length);
      for (const [row, id] of ids.entries()) {
        const { numbers, texts } = entities.get(id)!;
        table.ids[row] = id;
        table.numbers.set(numbers, row * layout.numbered.length);
        for (const [at, text] of texts.entries()) table.texts[row * layout.texts.length + at] = text;
      }
    }
    this.comparison.compare(base, world);
  }
}
