import type { Player } from '../contract/logic.js';
import type { RoomDefinition } from '../contract/room.js';
import type { World } from '../snapshot/world.js';
import { Grid } from './grid.js';
import type { Visible } from './viewer.js';

/** Whether the application shows the player an entity that is near. */
export type IsVisible = (viewer: Player, kind: string, id: number) => boolean;

/** Rows that were found, in memory that is used again for the next player. */
interface Found {
  rows: Int32Array;
  count: number;
}

/** Finds the entities that a player is shown: one player after the other, without an allocation. */
export class Sight {
  readonly #definition: Pick<RoomDefinition, 'nearby' | 'entityLayouts'>;
  readonly #isVisible: IsVisible | undefined;
  readonly #grids: readonly (Grid | undefined)[];
  readonly #found: readonly Found[];
  /** 0, 1, 2 and so on. */
  #all = new Int32Array(0);
  #world: World;
  #filledFor = 0;
  #player: Player | undefined;
  /** Where the player's entity is. */
  readonly #own = { isSomewhere: false, x: 0, y: 0 };

  /** `isVisible` undefined: everything that is near. */
  constructor(
    definition: Pick<RoomDefinition, 'nearby' | 'entityLayouts'>,
    world: World,
    isVisible: IsVisible | undefined,
  ) {
    this.#definition = definition;
    this.#isVisible = isVisible;
    this.#world = world;
    const radius = definition.nearby?.radius;
    this.#grids = world.tables.map((table) => (radius === undefined ? undefined : Grid.of(table, radius)));
    this.#found = world.tables.map(() => ({ rows: new Int32Array(0), count: 0 }));
  }

  /** Some entities are hidden from some players. */
  get hides(): boolean {
    return this.#isVisible !== undefined || this.#grids.some((grid) => grid !== undefined);
  }

  /** `see` and `weigh` tell of this player in this snapshot from now on. Undefined: of somebody who plays not, and is shown nothing. */
  turnTo(player: Player | undefined, world: World): void {
    this.#player = player;
    this.#world = world;
    if (this.#filledFor !== world.tick) this.#fill(world);
    this.#own.isSomewhere = false;
    if (player) this.#findOwn(player.id);
  }

  /** The rows of a kind that the player is shown: good until the next call for that kind. */
  readonly see = (kind: number): Visible => {
    const found = this.#found[kind]!;
    const { count, ids } = this.#world.tables[kind]!;
    const grid = this.#grids[kind];
    const own = this.#own;
    if (!this.#player || (grid && !own.isSomewhere)) found.count = 0;
    else if (grid) found.count = grid.near(own.x, own.y, found.rows);
    else {
      if (!this.#isVisible) return { rows: this.#all, count };
      found.rows.set(this.#all.subarray(0, count));
      found.count = count;
    }
    if (this.#isVisible && this.#player) this.#leaveOut(found, kind, ids, this.#player, this.#isVisible);
    return found;
  };

  /** How much the entity matters to the player. */
  readonly weigh = (kind: number, row: number): number => {
    const grid = this.#grids[kind];
    const { isSomewhere, x, y } = this.#own;
    if (!grid || !isSomewhere) return 1;
    return 1 / (0.1 + Math.hypot(grid.xOf(row) - x, grid.yOf(row) - y) / (this.#definition.nearby?.radius ?? 1));
  };

  #leaveOut(found: Found, kind: number, ids: Int32Array, player: Player, isVisible: IsVisible): void {
    const { kind: name } = this.#definition.entityLayouts[kind]!;
    let kept = 0;
    for (let i = 0; i < found.count; i++) {
      const row = found.rows[i]!;
      if (isVisible(player, name, ids[row]!)) found.rows[kept++] = row;
    }
    found.count = kept;
  }

  #fill(world: World): void {
    this.#filledFor = world.tick;
    let most = 0;
    for (let kind = 0; kind < world.tables.length; kind++) {
      const table = world.tables[kind]!;
      this.#grids[kind]?.fill(table);
      const found = this.#found[kind]!;
      most = Math.max(most, table.count);
      if (found.rows.length < table.count) found.rows = new Int32Array(Math.max(table.count, found.rows.length * 2));
    }
    if (this.#all.length < most)
      this.#all = Int32Array.from({ length: Math.max(most, this.#all.length * 2) }, (_, row) => row);
  }

  /** The player's entity is the first of any kind that has its id and a place. */
  #findOwn(id: number): void {
    const own = this.#own;
    for (let kind = 0; kind < this.#grids.length; kind++) {
      const grid = this.#grids[kind];
      const row = grid ? this.#world.tables[kind]!.rowOf(id) : -1;
      if (row < 0) continue;
      own.isSomewhere = true;
      own.x = grid!.xOf(row);
      own.y = grid!.yOf(row);
      return;
    }
  }
}
