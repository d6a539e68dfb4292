import type { Writable } from 'node:stream';

/** Lines to a stream that may be a slow pipe, or one whose reader has left. */
export class Output {
  readonly #stream: Writable;
  #broken: Error | undefined;
  #waiting: (() => void)[] = [];
  readonly #onGone: () => void;

  /** `onGone` is called once, when nobody reads any more. */
  constructor(stream: Writable, onGone: () => void = () => undefined) {
    this.#stream = stream;
    this.#onGone = onGone;
    stream.on('error', (error: Error) => {
      if (this.#broken) return;
      // A reader that left, such as `head`, is no failure.
      this.#broken = error;
      this.#wake();
      this.#onGone();
    });
    stream.on('drain', () => this.#wake());
  }

  get gone(): boolean {
    return this.#broken !== undefined;
  }

  /** Resolves when the stream takes more, or never will. */
  async line(text: string): Promise<void> {
    if (this.#broken || this.#stream.write(`${text}\n`)) return;
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }

  /** Resolves when all that was written has left. */
  async end(): Promise<void> {
    if (this.#broken || this.#stream.writableLength === 0) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      this.#stream.write('', () => resolve());
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
