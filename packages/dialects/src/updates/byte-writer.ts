const encoder = new TextEncoder();

/** The most bytes of a number below 2^53. */
const uintBytes = 8;
const firstBytes = 32;
const maxBytes = 16 * 1024;

/** Bytes in the encoding of Yjs: unsigned integers of 7 bits a byte, texts and bytes behind their length. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #bytes = new Uint8Array(firstBytes);
  /** Bytes from here to `#at` are in no part yet. */
  #from = 0;
  #at = 0;

  uint(value: number): this {
    if (this.#at + uintBytes > this.#bytes.length) this.#grow();
    let left = value;
    while (left >= 128) {
      this.#bytes[this.#at++] = (left % 128) | 128;
      left = Math.floor(left / 128);
    }
    this.#bytes[this.#at++] = left;
    return this;
  }

  text(text: string): this {
    return this.blob(encoder.encode(text));
  }

  /** Bytes behind their length. */
  blob(bytes: Uint8Array): this {
    return this.uint(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    if (bytes.length <= this.#bytes.length - this.#at) {
      this.#bytes.set(bytes, this.#at);
      this.#at += bytes.length;
      return this;
    }
    this.#settle();
    this.#parts.push(bytes);
    return this;
  }

  finish(): Uint8Array {
    this.#settle();
    return concat(this.#parts);
  }

  #grow(): void {
    this.#settle();
    this.#bytes = new Uint8Array(Math.min(2 * this.#bytes.length, maxBytes));
    this.#from = this.#at = 0;
  }

  #settle(): void {
    if (this.#at > this.#from) this.#parts.push(this.#bytes.subarray(this.#from, this.#at));
    this.#from = this.#at;
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
