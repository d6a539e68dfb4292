/** The part of a session that the heartbeat uses. */
interface Beating {
  /** Its place in the wheel; -1 outside. */
  slot: number;
  slotIndex: number;
  beat(): void;
  end(code: 'timeout', message: string): void;
  break(error: unknown): void;
}

/**
 * One timer for all sessions (HB-2): a wheel of slots, one visited each second. A session joins
 * the slot visited last, so that its first ping comes one interval after it opened.
 */
export class Heartbeat {
  readonly #slots: Beating[][];
  /** With the second of their opening. Counted, not read from a clock: that may be set back. */
  readonly #opening = new Map<Beating, number>();
  readonly #connectTimeoutMs: number;
  #seconds = 0;
  #at = 0;

  constructor(heartbeatMs: number, connectTimeoutMs: number) {
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#slots = Array.from({ length: Math.max(1, Math.round(heartbeatMs / 1000)) }, () => []);
  }

  /** Sessions that still owe their first frame (SES-1). */
  addOpening(session: Beating): void {
    this.#opening.set(session, this.#seconds);
  }

  add(session: Beating): void {
    this.#opening.delete(session);
    const slot = this.#slots[this.#at]!;
    session.slot = this.#at;
    session.slotIndex = slot.push(session) - 1;
  }

  remove(session: Beating): void {
    this.#opening.delete(session);
    if (session.slot < 0) return;
    const slot = this.#slots[session.slot]!;
    const last = slot.pop()!;
    if (last !== session) {
      slot[session.slotIndex] = last;
      last.slotIndex = session.slotIndex;
    }
    session.slot = -1;
  }

  /** Called every second. */
  tick(): void {
    for (const [session, openedIn] of this.#opening) {
      // In the order of opening: the first that has time left ends the search.
      if ((this.#seconds - openedIn) * 1000 < this.#connectTimeoutMs) break;
      session.end('timeout', 'No connect frame came in time.');
    }
    this.#seconds++;
    this.#at = (this.#at + 1) % this.#slots.length;
    const slot = this.#slots[this.#at]!;
    for (let i = slot.length - 1; i >= 0; i--) {
      const session = slot[i]!;
      try {
        session.beat();
      } catch (error) {
        session.break(error);
      }
    }
  }
}
