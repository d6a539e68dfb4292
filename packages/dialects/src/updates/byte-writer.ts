/** Bytes in the encoding of Yjs: unsigned integers of 7 bits a byte, texts and bytes behind their length. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #small: number[] = [];

  uint(value: number): this {
    let left = value;
    while (left >= 128) {
      this.#small.push((left % 128) | 128);
      left = Math.floor(left / 128);
    }
    this.#small.push(left);
    return this;
  }

  text(text: string): this {
    return this.blob(new TextEncoder().encode(text));
  }

  /** Bytes behind their length. */
  blob(bytes: Uint8Array): this {
    return this.uint(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    this.#settle();
    this.#parts.push(bytes);
    return this;
  }

  finish(): Uint8Array {
    this.#settle();
    return concat(this.#parts);
  }

  #settle(): void {
    if (this.#small.length === 0) return;
    this.#parts.push(Uint8Array.from(this.#small));
    this.#small = [];
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
