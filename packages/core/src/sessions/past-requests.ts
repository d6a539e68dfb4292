/** A request of a client that is over: its next one may be on its way. */
export interface PastRequest {
  readonly serial: number;
  readonly clientKey: string;
  readonly user: string | undefined;
  readonly at: number;
}

/** A request that is over leads to its client for so long, and at most so many of them do. */
const rememberMs = 60_000;
const maxRemembered = 10_000;

/**
 * The requests that ended lately. They are let go of by the thousand: to delete the oldest of a map for each that comes costs more than
 * a poll, since a map is searched for its first entry from where the deleted ones were.
 */
export class PastRequests {
  #newer = new Map<number, PastRequest>();
  #older = new Map<number, PastRequest>();
  /** When the first of the newer ones came. */
  #since = 0;

  add(request: PastRequest): void {
    const { at } = request;
    if (this.#newer.size >= maxRemembered / 2 || (this.#newer.size > 0 && at - this.#since >= rememberMs)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    if (this.#newer.size === 0) this.#since = at;
    this.#newer.set(request.serial, request);
  }

  find(serial: number, now: number): PastRequest | undefined {
    const found = this.#newer.get(serial) ?? this.#older.get(serial);
    return found && now - found.at < rememberMs ? found : undefined;
  }

  /** Those of the user since then, the oldest first. */
  ofUser(user: string, since: number): PastRequest[] {
    return [...this.#older.values(), ...this.#newer.values()].filter((past) => past.user === user && past.at >= since);
  }
}
