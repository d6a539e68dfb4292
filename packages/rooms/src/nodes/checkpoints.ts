import type { RoomEngine } from '@longwave/core';
import type { StateBounds } from '@longwave/protocol';
import type { KeptRoom } from '../server/room.js';
import { stateFromText, stateToText } from './state-text.js';
import { readEntry } from './stored-entry.js';

const maxLength = 512 * 1024;
const bounds: StateBounds = { keys: 1, bytes: 2 * 1024 * 1024, removals: 1 };
/** A room that nobody asked for in so long begins anew. */
const keptMs = 300_000;

/** A room as the store keeps it. */
export interface Checkpoint<S = unknown> {
  readonly epoch: string;
  readonly term: number;
  /** Nothing was done in the room after it: it goes on as the same. */
  readonly isLast: boolean;
  readonly room: KeptRoom<S>;
}

function keyOf(room: string): string {
  return `$room/${room}`;
}

/** Rooms as they were a moment ago, so that another node can go on with them. */
export class Checkpoints {
  readonly #engine: Pick<RoomEngine, 'store' | 'logger'>;
  /** Rooms of which it was told that they cannot be kept. */
  readonly #told = new Set<string>();

  constructor(engine: Pick<RoomEngine, 'store' | 'logger'>) {
    this.#engine = engine;
  }

  /** Rejects with what the store failed with. A state that cannot be kept at all is told of once, and left out. */
  async write(room: string, checkpoint: Checkpoint): Promise<void> {
    const text = this.#textOf(room, checkpoint);
    if (text === undefined) return;
    // A node that was taken the room from, and does not know, changes nothing.
    const { term: rank } = checkpoint;
    await this.#engine.store.append(keyOf(room), { payload: text, ttlMs: keptMs, rank }, bounds);
  }

  async read(room: string): Promise<Checkpoint | undefined> {
    const op = await readEntry(this.#engine.store, keyOf(room), '');
    if (!op) return undefined;
    try {
      return stateFromText(op.payload as string) as Checkpoint;
    } catch (error) {
      this.#engine.logger.error(`What was kept of the room ${room} cannot be read; it begins anew.`, error);
      return undefined;
    }
  }

  /** The room has ended. */
  async remove(room: string, term: number): Promise<void> {
    this.#told.delete(room);
    await this.#engine.store.append(keyOf(room), { kind: 'delete', payload: '', rank: term }, bounds);
  }

  #textOf(room: string, checkpoint: Checkpoint): string | undefined {
    try {
      const text = stateToText(checkpoint);
      if (text.length <= maxLength) return text;
      throw new RangeError(`Its state takes ${text.length} letters as text; at most ${maxLength} are kept.`);
    } catch (error) {
      const { logger } = this.#engine;
      if (!this.#told.has(room)) logger.error(`The room ${room} cannot be kept: it will not survive its node.`, error);
      this.#told.add(room);
      return undefined;
    }
  }
}
