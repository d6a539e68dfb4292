import type { Operation } from '@longwave/protocol';
import type { CompiledView } from './compiled-view.js';
import type { StateMap } from '../../store/state/state-map.js';
import type { Journal } from './journal.js';

/** How many entries a view has, and of how many users: counted once for all who ask, then kept up. */
export class Tally {
  readonly #view: CompiledView;
  readonly #counts: (op: Operation) => boolean;
  #entries = 0;
  /** Entries without a user count as one each. */
  #nobodys = 0;
  readonly #users = new Map<string, number>();
  /** Places before it are counted, as they were at `#at`. */
  #place = 0;
  #at = 0;
  #done = false;
  /** When it was last asked for. */
  usedAt = 0;

  constructor(view: CompiledView, counts: (op: Operation) => boolean) {
    this.#view = view;
    this.#counts = counts;
  }

  isAt(top: number): boolean {
    return this.#done && this.#at === top;
  }

  get payload(): string {
    return JSON.stringify({ entries: this.#entries, users: this.#nobodys + this.#users.size });
  }

  /** Goes on, and looks at about `looks` entries at most. Returns at how many it did. */
  goOn(state: StateMap, journal: Journal, looks: number): number {
    const { weight } = this.#view;
    if (looks <= 0) return 0;
    if (!journal.reaches(this.#at)) this.#beginAnew();
    let looked = 0;
    if (this.#place > 0 || this.#done) {
      for (const { op, before, place } of journal.after(this.#at)) {
        if (!this.#done && place >= this.#place) continue;
        looked += weight;
        if (before) this.#count(before, -1);
        this.#count(op, 1);
      }
    }
    this.#at = journal.top;
    for (; !this.#done && looked < looks; looked += weight) {
      if (this.#place >= state.places) this.#done = true;
      else {
        const op = state.at(this.#place++);
        if (op) this.#count(op, 1);
      }
    }
    return looked;
  }

  #beginAnew(): void {
    this.#entries = this.#nobodys = this.#place = 0;
    this.#users.clear();
    this.#done = false;
  }

  #count(op: Operation, by: 1 | -1): void {
    if (!this.#counts(op)) return;
    this.#entries += by;
    const { user } = op;
    if (user === undefined) {
      this.#nobodys += by;
      return;
    }
    const entries = (this.#users.get(user) ?? 0) + by;
    if (entries > 0) this.#users.set(user, entries);
    else this.#users.delete(user);
  }
}
