/** A way between two ends with delays, in order, as a connection has it: lost messages come later, and those after them wait. */
export class Link {
  readonly #delay: () => number;
  readonly #waiting: { readonly at: number; readonly message: Uint8Array }[] = [];
  #last = 0;

  constructor(delay: () => number) {
    this.#delay = delay;
  }

  send(message: Uint8Array, now: number): void {
    this.#last = Math.max(this.#last, now + this.#delay());
    this.#waiting.push({ at: this.#last, message });
  }

  /** Messages that have arrived. */
  take(now: number): readonly Uint8Array[] {
    const count = this.#waiting.findIndex(({ at }) => at > now);
    return this.#waiting.splice(0, count < 0 ? this.#waiting.length : count).map(({ message }) => message);
  }
}
