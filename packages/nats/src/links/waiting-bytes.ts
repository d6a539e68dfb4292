/** Bounds the memory of operations that wait in one node. */
export class WaitingBytes {
  readonly #max: number;
  #bytes = 0;

  constructor(max: number) {
    this.#max = max;
  }

  hold(bytes: number): void {
    if (this.#bytes + bytes > this.#max) {
      throw new Error('More waits to be stored than may: NATS is slow, or cannot be reached.');
    }
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}
