import type { Clock, Logger } from '../base/ports.js';

/** The same complaint is told again after so long, with how often it came meanwhile. */
const againMs = 600_000;
/** Complaints that are remembered: their causes are few, but some may name what a peer said. */
const maxRemembered = 100;

/** Logs each cause once, however often it comes: a client that tries again for ever fills no log. */
export class Complaints {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #logger: Logger;
  readonly #told = new Map<string, { readonly at: number; since: number }>();

  constructor(clock: Pick<Clock, 'now'>, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** `about` tells one cause from another; it is the message where nothing else is given. */
  tell(message: string, cause?: unknown, about = message): void {
    const now = this.#clock.now();
    const last = this.#told.get(about);
    if (last && Math.abs(now - last.at) < againMs) {
      last.since++;
      return;
    }
    this.#told.delete(about);
    if (this.#told.size >= maxRemembered) this.#told.delete(this.#told.keys().next().value!);
    this.#told.set(about, { at: now, since: 0 });
    this.#logger.error(last?.since ? `${message} (${last.since} more since it was last logged)` : message, cause);
  }
}
