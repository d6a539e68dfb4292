/** A bit for each place of a state. Where none was set it is `rest`. */
export class Places {
  /** The state that the places belong to. */
  readonly of: object;
  readonly #rest: boolean;
  #bits = new Uint8Array(0);

  constructor(of: object, rest: boolean) {
    this.of = of;
    this.#rest = rest;
  }

  /** Memory in use. */
  get bytes(): number {
    return this.#bits.length;
  }

  has(place: number): boolean {
    const byte = this.#bits[place >> 3];
    return byte === undefined ? this.#rest : (byte & (1 << (place & 7))) !== 0;
  }

  set(place: number, bit: boolean): void {
    if (this.has(place) === bit) return;
    const index = place >> 3;
    if (index >= this.#bits.length) this.#grow(index + 1);
    this.#bits[index] = this.#byte(index) ^ (1 << (place & 7));
  }

  clone(): Places {
    return this.and(this);
  }

  /** Those that are set in both. */
  and(other: Places): Places {
    const both = new Places(this.of, this.#rest && other.#rest);
    const length = Math.max(this.#bits.length, other.#bits.length);
    both.#bits = new Uint8Array(length);
    for (let i = 0; i < length; i++) both.#bits[i] = this.#byte(i) & other.#byte(i);
    return both;
  }

  #byte(index: number): number {
    return this.#bits[index] ?? (this.#rest ? 255 : 0);
  }

  #grow(length: number): void {
    const bits = new Uint8Array(Math.max(length, this.#bits.length * 2, 16));
    if (this.#rest) bits.fill(255);
    bits.set(this.#bits);
    this.#bits = bits;
  }
}
