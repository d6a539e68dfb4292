/** Places that may be kept for those who left. */
const maxVacant = 10_000;
/** Entries that one sweep looks at, so that it holds nobody up. */
const sweepSize = 1000;

/**
 * A map whose entries go and come again many times a second, as those of polling clients do. Who is expected back leaves its place
 * vacant. A map that shrinks and grows with each message to all of them costs more than their polls: each of its tables that is outgrown
 * holds what was in it, and the next table, until a full collection of garbage.
 */
export class Returning<V> {
  readonly #entries = new Map<string, V | undefined>();
  #vacant = 0;
  #sweeping: Iterator<[string, V | undefined]> | undefined;

  /** Places, vacant ones too. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    if (this.#vacant > 0 && this.#entries.has(key) && this.#entries.get(key) === undefined) this.#vacant--;
    this.#entries.set(key, value);
  }

  /** `returns`: soon. Its place is kept for a while. */
  delete(key: string, returns: boolean): void {
    if (!returns || this.#vacant >= maxVacant) return void this.#entries.delete(key);
    this.#entries.set(key, undefined);
    this.#vacant++;
  }

  /** Called every second: gives up the vacant places among the next thousand. */
  sweep(): void {
    if (this.#vacant === 0) return;
    this.#sweeping ??= this.#entries.entries();
    for (let left = sweepSize; left > 0; left--) {
      const { value, done } = this.#sweeping.next();
      if (done) return void (this.#sweeping = undefined);
      const [key, held] = value;
      if (held !== undefined) continue;
      this.#entries.delete(key);
      this.#vacant--;
    }
  }
}
