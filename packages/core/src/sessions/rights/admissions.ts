import type { Identity } from '../../base/authority.js';

/** Users whose disconnects are remembered while somebody is being let in. */
const maxRemembered = 10_000;

/**
 * Tracks admissions under way, and the users disconnected meanwhile (SES-12): an answer of `authenticate` from before
 * the disconnect does not count.
 */
export class Admissions {
  /** Disconnects so far. */
  #mark = 0;
  #underWay = 0;
  /** Users, with the number of their last disconnect, the oldest first. Empty while nobody is let in. */
  readonly #disconnected = new Map<string, number>();
  /** The youngest disconnect that is no longer remembered: whoever began before it may be the user. */
  #forgotten = 0;

  /** Somebody is being let in, until `end`. Returns what `holds` asks for. */
  begin(): number {
    this.#underWay++;
    return this.#mark;
  }

  end(): void {
    if (--this.#underWay === 0 && this.#disconnected.size > 0) this.#disconnected.clear();
  }

  /** Refuses admissions of this user that began before now. */
  disconnected(user: string): void {
    this.#mark++;
    if (this.#underWay === 0) return;
    this.#disconnected.delete(user);
    this.#disconnected.set(user, this.#mark);
    if (this.#disconnected.size <= maxRemembered) return;
    for (const [oldest, mark] of this.#disconnected) {
      this.#disconnected.delete(oldest);
      this.#forgotten = mark;
      break;
    }
  }

  /** Whether the user was not disconnected since `begin` returned `mark`. */
  holds(mark: number, { user }: Identity): boolean {
    if (user === undefined || mark === this.#mark) return true;
    return mark >= this.#forgotten && (this.#disconnected.get(user) ?? 0) <= mark;
  }
}
