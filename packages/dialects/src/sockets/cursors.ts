import type { MemberStates } from '@longwave/yjs/format';
import type { AwarenessBoard } from '../documents/awareness-board.js';
import { type AwarenessEntry, decodeAwareness, parseState } from '../wire/awareness.js';
import type { Seat } from './seat.js';

/** Yjs clients that one socket may speak for: a page has one, and relays those of its neighbours in the same browser. */
const maxClients = 4;
/** A member changes at most so often. */
const spacingMs = 50;

interface Own {
  clock: number;
  json: string;
  state: unknown;
}

/**
 * The awareness that one client says. Clients send on what they were told of others: a socket speaks only for ids that it brought
 * in, and nobody else holds.
 */
export class Cursors {
  readonly #seat: Seat;
  readonly #board: AwarenessBoard;
  readonly #own = new Map<number, Own>();
  #busy = false;
  #changed = false;
  #timer: NodeJS.Timeout | undefined;
  #hasFailed = false;
  #isOver = false;

  constructor(seat: Seat, board: AwarenessBoard) {
    this.#seat = seat;
    this.#board = board;
  }

  /**
   * `introduces`: the client was not told of anybody yet, so that a single state is its own. Returns how many entries were left out
   * that are no echo. Throws `invalid-data`.
   */
  take(update: Uint8Array, introduces: boolean): number {
    const entries = decodeAwareness(update);
    let leftOut = 0;
    for (const entry of entries) {
      const own = this.#own.get(entry.client);
      if (own) this.#change(entry, own);
      else if (!this.#bringIn(entry, introduces && entries.length === 1)) leftOut++;
    }
    return leftOut;
  }

  /** The socket is gone. */
  end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    for (const client of this.#own.keys()) this.#board.forget(client);
    this.#own.clear();
  }

  #change({ client, clock, json }: AwarenessEntry, own: Own): void {
    if (clock < own.clock || (clock === own.clock && json !== 'null')) return;
    own.clock = clock;
    this.#board.note(client, clock);
    if (json === own.json) {
      this.#board.renew(client);
      if (this.#hasFailed) this.#say();
      return;
    }
    const state = json === 'null' ? null : parseState(json);
    if (state === undefined) return;
    Object.assign(own, { json, state });
    this.#say();
  }

  /** False: it may not be brought in. */
  #bringIn({ client, clock, json }: AwarenessEntry, introduces: boolean): boolean {
    if (json === 'null') return true;
    const known = this.#board.find(client);
    // Somebody else's: an echo. Yet a user may come back before the connection from before has ended.
    if (known && !introduces) return true;
    if (known?.isThere && known.user !== this.#seat.user) return false;
    const state = parseState(json) ?? null;
    if (state === null || this.#own.size >= maxClients) return false;
    this.#own.set(client, { clock, json, state });
    this.#board.note(client, clock);
    this.#say();
    return true;
  }

  /** Tells the members; what changes while that is under way goes with the next. */
  #say(): void {
    this.#changed = true;
    if (this.#busy || this.#isOver) return;
    this.#busy = true;
    this.#changed = false;
    void this.#enter().finally(() => {
      this.#timer = setTimeout(() => {
        this.#busy = false;
        if (this.#changed) this.#say();
      }, spacingMs).unref();
    });
  }

  async #enter(): Promise<void> {
    const there = [...this.#own].filter(([, { state }]) => state !== null);
    if (there.length === 0) return this.#seat.exit();
    const says: MemberStates = { clients: Object.fromEntries(there.map(([client, { state }]) => [client, state])) };
    try {
      await this.#seat.enter(says);
      this.#hasFailed = false;
    } catch {
      // No right to be seen, or no store for now: the next state, or renewal, tries again.
      this.#hasFailed = true;
    }
  }
}
