import type { RoomDefinition } from '../contract/room.js';
import type { History } from '../snapshot/history.js';
import type { World } from '../snapshot/world.js';
import type { Rewound } from '../contract/logic.js';

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Nobody looks back further. */
const mostMs = 500;

/** Where entities were when a player acted: what it saw lies as far back as its snapshot, and what its screen lags behind that. */
export class Rewind {
  readonly #definition: Pick<RoomDefinition, 'tick' | 'send' | 'entityLayouts'>;
  readonly #history: History;
  /** By player: how many ticks ago the room was as its picture is. */
  readonly #behind = new Map<number, number>();
  /** The step that is made. */
  tick = 0;

  constructor(definition: Pick<RoomDefinition, 'tick' | 'send' | 'entityLayouts'>, history: History) {
    this.#definition = definition;
    this.#history = history;
  }

  /** The player acted on a picture that lay so many ticks before the tick of its acts. */
  saw(player: number, ticks: number): void {
    this.#behind.set(player, Math.min(ticks, (this.#definition.tick * mostMs) / 1000));
  }

  forget(player: number): void {
    this.#behind.delete(player);
  }

  readonly seenBy = (player: number): Rewound => {
    const tick = this.tick - (this.#behind.get(player) ?? 0);
    return { at: (kind, id) => this.#at(kind, id, tick) };
  };

  #at(kind: string, id: number, tick: number): Place | undefined {
    const index = this.#definition.entityLayouts.findIndex((named) => named.kind === kind);
    const { before, after } = this.#history.around(tick);
    const [from, to] = [placeIn(before, index, id), placeIn(after, index, id)];
    if (!from || !to) return from ?? to;
    const span = after!.tick - before!.tick;
    const part = span > 0 ? (tick - before!.tick) / span : 0;
    return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
  }
}

function placeIn(world: World | undefined, index: number, id: number): Place | undefined {
  const table = world?.tables[index];
  const row = table ? table.rowOf(id) : -1;
  if (row < 0) return undefined;
  const values: Record<string, unknown> = {};
  const { layout, numbers, texts } = table!;
  layout.read(values, numbers, row * layout.numbered.length, texts, row * layout.texts.length);
  const { x, y } = values;
  return typeof x === 'number' && typeof y === 'number' ? { x, y } : undefined;
}
