interface Forgettable {
  /** Nothing is lost when it is forgotten. */
  isIdle(now: number): boolean;
}

/** Most that one sweep looks at, so that it holds nobody up. */
const sweepSize = 1000;

/** Something for each of the peers' names, bounded in memory: what is idle is forgotten, and beyond `maxKeys` the oldest. */
export class Keyed<T extends Forgettable> {
  readonly #entries = new Map<string, T>();
  readonly #make: (now: number, key: string) => T;
  readonly #maxKeys: number;

  constructor(make: (now: number, key: string) => T, maxKeys: number) {
    this.#make = make;
    this.#maxKeys = maxKeys;
  }

  get size(): number {
    return this.#entries.size;
  }

  find(key: string): T | undefined {
    return this.#entries.get(key);
  }

  of(key: string, now: number): T {
    const known = this.#entries.get(key);
    if (known) return known;
    if (this.#entries.size >= this.#maxKeys) this.#entries.delete(this.#entries.keys().next().value!);
    const entry = this.#make(now, key);
    this.#entries.set(key, entry);
    return entry;
  }

  /** Called every second: forgets what is idle among the next thousand. */
  sweep(now: number): void {
    let left = Math.min(sweepSize, this.#entries.size);
    for (const [key, entry] of this.#entries) {
      if (left-- === 0) return;
      this.#entries.delete(key);
      // To the end of the line.
      if (!entry.isIdle(now)) this.#entries.set(key, entry);
    }
  }
}
