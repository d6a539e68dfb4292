import type { Player } from '../contract/logic.js';
import { type IsVisible, Sight } from '../interest/sight.js';
import { Viewer, hashRow } from '../interest/viewer.js';
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
  readonly visible?: IsVisible | undefined;
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
  readonly #sight: Sight;
  /** By tick: bytes from that snapshot to the newest. */
  readonly #frames = new Map<number, Uint8Array>();
  readonly #spare: Comparison;
  readonly #bytes = new Bytes();
  readonly #body = new Bytes();
  readonly #frame = new Bytes();
  #hash = { tick: 0, value: 0 };
  #framesFor = 0;

  constructor(options: AudienceOptions) {
    this.#options = options;
    const { newest } = options.shown();
    this.#sight = new Sight(options.definition, newest, options.visible);
    this.#spare = new Comparison(newest);
  }

  add(seat: Seat): Spectator {
    const { definition, shown } = this.#options;
    const { hides } = this.#sight;
    const seesAll = seat.player ? !hides : (definition.spectators ?? !hides);
    return new Spectator(seat, seesAll ? undefined : new Viewer(shown().newest));
  }

  /** The newest snapshot for this one, good until the next call. Undefined: it has that already. */
  write(spectator: Spectator, now: number): Uint8Array | undefined {
    const shown = this.#options.shown();
    const { newest } = shown;
    if (spectator.tick === newest.tick) return undefined;
    const { viewer } = spectator;
    const bytes = this.#bytes;
    bytes.clear();
    const asksHash = now - spectator.hashedAt >= hashEveryMs;
    if (asksHash) spectator.hashedAt = now;
    if (!viewer) {
      this.#writeFront(spectator, shown, now, asksHash ? this.#hashOf(newest) : undefined);
      const frame = this.#frameFrom(spectator.tick, shown);
      bytes.raw(frame, 0, frame.length);
    } else if (asksHash) {
      // The number is of what it knows after this snapshot, and stands in front of it.
      const body = this.#body;
      body.clear();
      this.#writeView(body, viewer, spectator.seat.player, shown);
      this.#writeFront(spectator, shown, now, viewer.hash({ world: newest, history: shown.history }));
      bytes.raw(body.data, 0, body.length);
    } else {
      this.#writeFront(spectator, shown, now, undefined);
      this.#writeView(bytes, viewer, spectator.seat.player, shown);
    }
    spectator.tick = newest.tick;
    return bytes.data.subarray(0, bytes.length);
  }

  /** The part that is for it alone. */
  #writeFront(spectator: Spectator, { events }: Shown, now: number, hash: number | undefined): void {
    const { seat, tick, echo } = spectator;
    const { player, applied, lead } = (seat.player && this.#options.standing(seat.player.key)) ?? nobody;
    writeDown(this.#bytes, {
      player,
      applied,
      lead,
      hash,
      events: eventsAfter(tick, events),
      echo: echo && { sentAt: echo.sentAt, heldMs: now - echo.at },
    });
    spectator.echo = undefined;
  }

  /** The part of the room that it sees. */
  #writeView(bytes: Bytes, viewer: Viewer, player: Player | undefined, shown: Shown): void {
    const { newest: world, comparison, history } = shown;
    const sight = this.#sight;
    sight.turnTo(player, world);
    viewer.write(bytes, { world, comparison, history }, sight.see, this.#options.definition.maxBytes, sight.weigh);
  }

  #frameFrom(tick: number, { newest, comparison, history }: Shown): Uint8Array {
    if (this.#framesFor !== newest.tick) {
      this.#frames.clear();
      this.#framesFor = newest.tick;
    }
    const known = this.#frames.get(tick);
    if (known) return known;
    const frame = this.#frame;
    frame.clear();
    const isShared = tick !== 0 && tick === comparison.baseTick;
    writeFrame(frame, newest, isShared ? comparison : this.#spare.compare(history.at(tick), newest));
    const copy = frame.copy();
    this.#frames.set(tick, copy);
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
}

/** Events that somebody who stands at `tick` was not told of. None for who comes anew. */
function eventsAfter(tick: number, events: readonly RoomEvent[]): readonly RoomEvent[] | undefined {
  if (tick === 0 || events.length === 0 || events.at(-1)!.tick <= tick) return undefined;
  return events.filter((event) => event.tick > tick);
}
