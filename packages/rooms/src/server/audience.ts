import type { Player } from '../contract/logic.js';
import { Grid } from '../interest/grid.js';
import { Viewer, type Visible, hashRow } from '../interest/viewer.js';
import { Bytes } from '../snapshot/bytes.js';
import { Comparison } from '../snapshot/comparison.js';
import type { History } from '../snapshot/history.js';
import type { World } from '../snapshot/world.js';
import { writeFrame } from '../snapshot/write-frame.js';
import type { RoomDefinition } from '../contract/room.js';
import type { Standing } from './room.js';
import { type RoomEvent, writeDown } from '../wire/down.js';

/** How often a viewer is told the number of all that it knows. */
const hashEveryMs = 1000;

/** So often a viewer may be told of everything anew. */
const wholeEveryMs = 1000;

const nobody = { player: undefined, applied: 0, lead: 0 };
const nothing: Visible = { rows: new Int32Array(0), count: 0 };

/** The room as its audience is shown it: the owner's own, or a copy of it on another node. */
export interface Shown {
  readonly newest: World;
  /** From the snapshot before to the newest. */
  readonly comparison: Comparison;
  readonly history: History;
  /** The newest, each with the tick of its step. */
  readonly events: readonly RoomEvent[];
}

/** Somebody who is shown the room. */
export interface Seat {
  /** Undefined for who only watches. */
  readonly player: Player | undefined;
  /** The entity that is in the middle of what it sees; by default the one with the player's id. */
  readonly center?: { readonly kind: number; readonly id: number } | undefined;
}

export interface AudienceOptions {
  readonly definition: RoomDefinition;
  readonly shown: () => Shown;
  /** Whether the application shows the player the entity; undefined: everything that is near. */
  readonly visible?: ((viewer: Player, kind: string, id: number) => boolean) | undefined;
  /** Undefined: the player is not in the newest snapshot. */
  readonly standing: (key: string) => Standing | undefined;
}

interface Echo {
  readonly sentAt: number;
  readonly at: number;
}

/** One of those who are shown the room. */
export class Spectator {
  readonly seat: Seat;
  /** Undefined: it sees everything, and is told the same as all others who do. */
  readonly viewer: Viewer | undefined;
  /** Tick of the last snapshot that was written for it, 0 where the next says all. */
  tick = 0;
  echo: Echo | undefined;
  hashedAt = 0;
  #wholeAt = -Infinity;

  constructor(seat: Seat, viewer: Viewer | undefined) {
    this.seat = seat;
    this.viewer = viewer;
  }

  /** Its client told the last snapshot that it has, and its time. */
  heard(held: number, sentAt: number, now: number): void {
    this.echo = { sentAt, at: now };
    // Once a second: the one that was sent may still be on its way, and whoever asks for ever more of them gets no more.
    if (held !== 0 || now - this.#wholeAt < wholeEveryMs) return;
    this.#wholeAt = now;
    this.forget();
  }

  /** The next snapshot says all. */
  forget(): void {
    this.tick = 0;
    this.viewer?.forget();
  }
}

/**
 * Writes the snapshots of a room for everybody on this node who is shown it. Those who see everything and stand at the same snapshot
 * get the same bytes, written once.
 */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #grids: (Grid | undefined)[];
  /** By tick: bytes from that snapshot to the newest. */
  readonly #frames = new Map<number, Uint8Array>();
  readonly #spare: Comparison;
  readonly #bytes = new Bytes();
  readonly #body = new Bytes();
  readonly #frame = new Bytes();
  readonly #all: Int32Array[];
  readonly #found: Int32Array[];
  #hash = { tick: 0, value: 0 };
  #filledFor = 0;
  #framesFor = 0;

  constructor(options: AudienceOptions) {
    this.#options = options;
    const { newest } = options.shown();
    const radius = options.definition.nearby?.radius;
    this.#grids = newest.tables.map((table) => (radius === undefined ? undefined : Grid.of(table, radius)));
    this.#spare = new Comparison(newest);
    this.#all = newest.tables.map(() => new Int32Array(0));
    this.#found = newest.tables.map(() => new Int32Array(0));
  }

  add(seat: Seat): Spectator {
    const { visible, definition, shown } = this.#options;
    const hides = visible !== undefined || this.#grids.some((grid) => grid);
    const seesAll = seat.player ? !hides : (definition.spectators ?? !hides);
    return new Spectator(seat, seesAll ? undefined : new Viewer(shown().newest));
  }

  /** The newest snapshot for this one. Undefined: it has that already. A copy. */
  write(spectator: Spectator, now: number): Uint8Array | undefined {
    const shown = this.#options.shown();
    const { newest } = shown;
    if (spectator.tick === newest.tick) return undefined;
    const { seat, viewer, echo } = spectator;
    const bytes = this.#bytes;
    bytes.clear();
    const asksHash = now - spectator.hashedAt >= hashEveryMs;
    const { player, applied, lead } = (seat.player && this.#options.standing(seat.player.key)) ?? nobody;
    const front = (hash: number | undefined): void =>
      writeDown(bytes, {
        ...{ player, applied, lead, hash },
        events: eventsAfter(spectator.tick, shown.events),
        echo: echo && { sentAt: echo.sentAt, heldMs: now - echo.at },
      });
    spectator.echo = undefined;
    if (asksHash) spectator.hashedAt = now;
    if (!viewer) {
      front(asksHash ? this.#hashOf(newest) : undefined);
      const frame = this.#frameFrom(spectator.tick, shown);
      bytes.raw(frame, 0, frame.length);
    } else {
      this.#fill(newest);
      const body = this.#body;
      body.clear();
      const { comparison, history } = shown;
      const scene = { world: newest, comparison, history };
      viewer.write(body, scene, this.#seeing(seat.player), this.#options.definition.maxBytes, this.#weigh(seat.player));
      front(asksHash ? viewer.hash(scene) : undefined);
      bytes.raw(body.data, 0, body.length);
    }
    spectator.tick = newest.tick;
    return bytes.copy();
  }

  #frameFrom(tick: number, { newest, comparison, history }: Shown): Uint8Array {
    if (this.#framesFor !== newest.tick) {
      this.#frames.clear();
      this.#framesFor = newest.tick;
    }
    const base = history.at(tick);
    const key = base?.tick ?? 0;
    const written = this.#frames.get(key);
    if (written) return written;
    const frame = this.#frame;
    frame.clear();
    writeFrame(
      frame,
      newest,
      key !== 0 && key === comparison.baseTick ? comparison : this.#spare.compare(base, newest),
    );
    const copy = frame.copy();
    this.#frames.set(key, copy);
    return copy;
  }

  /** A number for all that there is. */
  #hashOf(world: World): number {
    if (this.#hash.tick === world.tick) return this.#hash.value;
    let sum = 0;
    for (const [kind, table] of world.tables.entries()) {
      for (let row = 0; row < table.count; row++) sum = (sum + hashRow(kind, table, row)) | 0;
    }
    this.#hash = { tick: world.tick, value: sum >>> 0 };
    return this.#hash.value;
  }

  #fill(world: World): void {
    if (this.#filledFor === world.tick) return;
    this.#filledFor = world.tick;
    for (const [kind, table] of world.tables.entries()) {
      this.#grids[kind]?.fill(table);
      const all = this.#all[kind]!;
      if (all.length >= table.count) continue;
      const length = Math.max(table.count, all.length * 2);
      this.#all[kind] = Int32Array.from({ length }, (_, row) => row);
      this.#found[kind] = new Int32Array(length);
    }
  }

  /** The rows that a player is shown; those who do not play are shown nothing. */
  #seeing(player: Player | undefined): (kind: number) => Visible {
    if (!player) return () => nothing;
    const { visible, definition, shown } = this.#options;
    const { tables } = shown().newest;
    const own = this.#placeOf(player);
    return (kind) => {
      const grid = this.#grids[kind];
      const rows = this.#found[kind]!;
      let count: number;
      if (grid && own) count = grid.near(own.x, own.y, rows);
      else {
        rows.set(this.#all[kind]!.subarray(0, tables[kind]!.count));
        count = grid ? 0 : tables[kind]!.count;
      }
      if (!visible) return { rows, count };
      const name = definition.entityLayouts[kind]!.kind;
      let kept = 0;
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        if (visible(player, name, tables[kind]!.ids[row]!)) rows[kept++] = row;
      }
      return { rows, count: kept };
    };
  }

  /** Where the player's entity is: the first of any kind that has its id and a place. */
  #placeOf({ id }: Player): { readonly x: number; readonly y: number } | undefined {
    const { tables } = this.#options.shown().newest;
    for (const [kind, grid] of this.#grids.entries()) {
      const row = grid ? tables[kind]!.rowOf(id) : -1;
      if (row >= 0) return { x: grid!.xOf(row), y: grid!.yOf(row) };
    }
    return undefined;
  }

  #weigh(player: Player | undefined): (kind: number, row: number) => number {
    const own = player && this.#placeOf(player);
    const radius = this.#options.definition.nearby?.radius ?? 1;
    return (kind, row) => {
      const grid = this.#grids[kind];
      if (!grid || !own) return 1;
      return 1 / (0.1 + Math.hypot(grid.xOf(row) - own.x, grid.yOf(row) - own.y) / radius);
    };
  }
}

/** Events that somebody who stands at `tick` was not told of. None for who comes anew. */
function eventsAfter(tick: number, events: readonly RoomEvent[]): readonly RoomEvent[] | undefined {
  if (tick === 0 || events.length === 0 || events.at(-1)!.tick <= tick) return undefined;
  return events.filter((event) => event.tick > tick);
}
