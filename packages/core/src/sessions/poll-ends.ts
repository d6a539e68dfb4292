import type { Clock } from '../base/ports.js';

/** A poll that has news. */
interface Ending {
  complete(): void;
  break(error: unknown): void;
}

/** Ends polls that have news, a turn after it came (HTTP-5): one callback a turn serves all of them. */
export class PollEnds {
  readonly #clock: Pick<Clock, 'defer'>;
  /** Those that had news before the last turn, and those that have it since. */
  #due: Ending[] = [];
  #fresh: Ending[] = [];
  #scheduled = false;

  constructor(clock: Pick<Clock, 'defer'>) {
    this.#clock = clock;
  }

  /** Ends it with what else comes in a whole turn of the event loop. */
  add(poll: Ending): void {
    this.#fresh.push(poll);
    this.#schedule();
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    const due = this.#due;
    this.#due = this.#fresh;
    this.#fresh = [];
    // For what is read from the store first.
    if (this.#due.length > 0) this.#schedule();
    for (const poll of due) {
      try {
        poll.complete();
      } catch (error) {
        poll.break(error);
      }
    }
  };

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.defer(this.#turn);
  }
}
