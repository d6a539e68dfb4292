/** Messages for those who do not see the stage: one at a time, with a pause between them, and the weightiest of those that wait. */
export class Spoken {
  text = '';
  readonly #pauseMs: number;
  #saidAt = -Infinity;
  #waiting: { readonly text: string; readonly weight: number } | undefined;

  constructor(pauseMs = 2500) {
    this.#pauseMs = pauseMs;
  }

  /** The heavier one stays, of equal ones the later. */
  say(text: string, weight: number): void {
    if (!this.#waiting || weight >= this.#waiting.weight) this.#waiting = { text, weight };
  }

  /** Returns whether there is another text. */
  advance(now: number): boolean {
    if (!this.#waiting || now - this.#saidAt < this.#pauseMs) return false;
    const { text } = this.#waiting;
    // Said twice it would not be heard again.
    this.text = text === this.text ? `${text} ` : text;
    this.#waiting = undefined;
    this.#saidAt = now;
    return true;
  }
}
