import type { Ports } from './ports.js';
import { callback, check } from './check.js';
import { call } from './safe-call.js';

/** Functions of the application that are told of the same thing. One that is added twice is called twice, and removed one at a time. */
export class Listeners<Told extends readonly unknown[]> {
  readonly #entries = new Set<(...told: Told) => void>();

  get size(): number {
    return this.#entries.size;
  }

  /** Returns a function that removes it. Throws `TypeError` on what is no function, under the `name` that its caller knows. */
  add(listener: (...told: Told) => void, name = 'listener'): () => void {
    check(name, listener, callback);
    // A function of our own, which the set tells apart from the same one added twice.
    const entry = (...told: Told): void => listener(...told);
    this.#entries.add(entry);
    return () => {
      this.#entries.delete(entry);
    };
  }

  tell(ports: Pick<Ports, 'reportError'>, ...told: Told): void {
    for (const entry of [...this.#entries]) call(ports, entry, ...told);
  }
}
