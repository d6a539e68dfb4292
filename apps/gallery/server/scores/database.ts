import type { Logged } from '../../shared/scores/lines.js';
import type { Fixture } from './league.js';

/** A match as the application has it. */
export interface StoredMatch extends Fixture {
  /** All that was entered, oldest first. */
  readonly log: readonly Logged[];
}

/**
 * The application's own database, in memory: what it holds is what is true, and the channels show it (STATE-6). Its sequence
 * numbers what the channels are told of it.
 */
export class Database {
  readonly #matches = new Map<string, StoredMatch>();
  /** Entries recorded by id: an operator who does not know whether an entry arrived sends it again. */
  readonly #recorded = new Map<string, number>();
  #sequence = 0;

  /** Where it stands: given with what is loaded from it. */
  get sequence(): number {
    return this.#sequence;
  }

  /** A number of its own for a change that a channel is about to show. */
  advance(): number {
    return ++this.#sequence;
  }

  match(id: string): StoredMatch | undefined {
    return this.#matches.get(id);
  }

  matches(): readonly StoredMatch[] {
    return [...this.#matches.values()];
  }

  save(match: StoredMatch): void {
    this.#matches.set(match.id, match);
  }

  /** With all that was entered for it. */
  remove(id: string): void {
    this.#matches.delete(id);
    for (const key of this.#recorded.keys()) if (key.startsWith(`${id}/`)) this.#recorded.delete(key);
  }

  /** The offset under which an operator's entry was recorded. */
  recorded(match: string, entryId: string): number | undefined {
    return this.#recorded.get(`${match}/${entryId}`);
  }

  rememberRecorded(match: string, entryId: string, offset: number): void {
    this.#recorded.set(`${match}/${entryId}`, offset);
  }
}
