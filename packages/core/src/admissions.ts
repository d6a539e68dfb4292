import type { Identity } from './authority.js';

/** Somebody who is being let in. */
export interface Admission {
  /** How many disconnects there had been when it began. */
  readonly mark: number;
}

/**
 * Who is being let in, and who was disconnected meanwhile (SES-12): what `authenticate` found out before a user was disconnected says
 * nothing afterwards.
 */
export class Admissions {
  #mark = 0;
  /** The one that began first is the first. */
  readonly #underWay = new Set<Admission>();
  /** Users, with the number of their last disconnect, the oldest first. Empty while nobody is let in. */
  readonly #disconnected = new Map<string, number>();

  begin(): Admission {
    const admission = { mark: this.#mark };
    this.#underWay.add(admission);
    return admission;
  }

  end(admission: Admission): void {
    this.#underWay.delete(admission);
    const [oldest] = this.#underWay;
    for (const [user, mark] of this.#disconnected) {
      if (oldest && mark > oldest.mark) break;
      this.#disconnected.delete(user);
    }
  }

  /** Whoever is let in as this user, and began before, is refused. */
  disconnected(user: string): void {
    this.#mark++;
    if (this.#underWay.size === 0) return;
    this.#disconnected.delete(user);
    this.#disconnected.set(user, this.#mark);
  }

  /** Whether the user was not disconnected since. */
  holds({ mark }: Admission, { user }: Identity): boolean {
    return user === undefined || (this.#disconnected.get(user) ?? 0) <= mark;
  }
}
