/** The part of a session that the heartbeat uses. */
export interface Beating {
  /** Its place; -1 for none. */
  slot: number;
  slotIndex: number;
  beat(): void;
  end(code: 'timeout', message: string): void;
  break(error: unknown): void;
}

/**
 * All sessions of a node, by what time asks of them: one timer serves all (HB-2). They stand in a wheel of slots, one visited each second.
 * A session joins the slot visited last, so that its first ping comes one interval after it opened.
 */
export class Heartbeat<S extends Beating> implements Iterable<S> {
  /** The slots of the wheel, then those of sessions that still owe their first frame, then one that is never visited. */
  readonly #slots: S[][];
  readonly #beats: number;
  readonly #openings: number;
  /** Counted, not read from a clock: that may be set back. */
  #seconds = 0;
  size = 0;

  constructor(heartbeatMs: number, connectTimeoutMs: number) {
    this.#beats = Math.max(1, Math.round(heartbeatMs / 1000));
    this.#openings = Math.max(1, Math.ceil(connectTimeoutMs / 1000)) + 1;
    this.#slots = Array.from({ length: this.#beats + this.#openings + 1 }, () => []);
  }

  /** Sessions that still owe their first frame (SES-1). */
  addOpening(session: S): void {
    this.#put(session, this.#beats + (this.#seconds % this.#openings));
  }

  /** It is open. `beats`: it is visited. */
  open(session: S, beats: boolean): void {
    this.remove(session);
    this.#put(session, beats ? this.#seconds % this.#beats : this.#slots.length - 1);
  }

  remove(session: S): void {
    if (session.slot < 0) return;
    const slot = this.#slots[session.slot]!;
    const last = slot.pop()!;
    if (last !== session) {
      slot[session.slotIndex] = last;
      last.slotIndex = session.slotIndex;
    }
    session.slot = -1;
    this.size--;
  }

  /** Those of this moment: they may end meanwhile. */
  *[Symbol.iterator](): Iterator<S> {
    yield* this.#slots.flat();
  }

  /** Called every second. */
  tick(): void {
    this.#seconds++;
    // The slot that is filled from now on: those in it have been there for a whole round.
    const late = this.#slots[this.#beats + (this.#seconds % this.#openings)]!;
    for (const session of [...late]) session.end('timeout', 'No connect frame came in time.');
    const slot = this.#slots[this.#seconds % this.#beats]!;
    for (let i = slot.length - 1; i >= 0; i--) {
      const session = slot[i]!;
      try {
        session.beat();
      } catch (error) {
        session.break(error);
      }
    }
  }

  #put(session: S, at: number): void {
    session.slot = at;
    session.slotIndex = this.#slots[at]!.push(session) - 1;
    this.size++;
  }
}
