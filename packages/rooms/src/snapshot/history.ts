import type { RoomDefinition } from '../contract/room.js';
import { World } from './world.js';

/** The last snapshots of a room, in places that are used again. */
export class History {
  readonly #worlds: World[] = [];
  readonly #definition: Pick<RoomDefinition, 'entityLayouts'>;
  readonly #length: number;
  #newest = -1;

  constructor(definition: Pick<RoomDefinition, 'entityLayouts'>, length: number) {
    this.#definition = definition;
    this.#length = length;
  }

  /** A world to be filled: the next one, or that of the snapshot which is the oldest now. */
  next(): World {
    this.#newest = (this.#newest + 1) % this.#length;
    const world = (this.#worlds[this.#newest] ??= new World(this.#definition));
    world.tick = 0;
    return world;
  }

  get newest(): World | undefined {
    return this.#worlds[this.#newest];
  }

  /** Undefined: it is not kept any more, or never was. */
  at(tick: number): World | undefined {
    if (tick === 0) return undefined;
    for (const world of this.#worlds) if (world.tick === tick) return world;
    return undefined;
  }

  /** The snapshots nearest to a tick: the last up to it, and the first after it. */
  around(tick: number): { readonly before: World | undefined; readonly after: World | undefined } {
    let before: World | undefined;
    let after: World | undefined;
    for (const world of this.#worlds) {
      if (world.tick === 0) continue;
      if (world.tick <= tick) {
        if (!before || world.tick > before.tick) before = world;
      } else if (!after || world.tick < after.tick) after = world;
    }
    return { before, after };
  }
}
