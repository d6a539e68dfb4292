/** Conditions of a line, in each direction. */
export interface Conditions {
  readonly delayMs: number;
  /** Undefined: as fast as it goes. */
  readonly bytesPerSecond: number | undefined;
}

/** When bytes come out of one direction of a line: one after the other, as they fit through, and a delay later. */
export class Pace {
  /** When the line has sent off all that it was given. */
  #freeAt = 0;

  /** `bytes` enter at `now`. Times are milliseconds from anywhere. */
  arrival(now: number, bytes: number, { delayMs, bytesPerSecond }: Conditions): number {
    const startsAt = Math.max(now, this.#freeAt);
    this.#freeAt = bytesPerSecond === undefined ? now : startsAt + (bytes * 1000) / bytesPerSecond;
    return this.#freeAt + delayMs;
  }
}
