import { utf8Decode, utf8Encode } from '@longwave/protocol';

/** Bytes that grow and are written again and again: nothing is allocated once they are as long as they need to be. */
export class Bytes {
  data = new Uint8Array(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.data.length) return;
    const grown = new Uint8Array(Math.max(needed, this.data.length * 2));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }

  /** Unsigned LEB128, up to 2^53 - 1. */
  uint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest > 127) {
      this.data[this.length++] = (rest % 128) | 128;
      rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.data[this.length++] = rest;
  }

  /** A signed number of 32 bits: small ones of either sign are short. */
  int(value: number): void {
    this.uint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  byte(value: number): void {
    this.reserve(1);
    this.data[this.length++] = value;
  }

  /** Its length in bytes, then its bytes as UTF-8. */
  text(value: string): void {
    this.bytes(utf8Encode(value));
  }

  /** Its length, then its bytes. */
  bytes(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value, 0, value.length);
  }

  raw(from: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.reserve(count);
    const { data, length } = this;
    // Most copies are of a few bytes, for which a call of `set` costs more than a loop.
    if (count < 32) for (let i = 0; i < count; i++) data[length + i] = from[start + i]!;
    else data.set(from.subarray(start, end), length);
    this.length = length + count;
  }

  /** A copy of what was written. */
  copy(): Uint8Array {
    return this.data.slice(0, this.length);
  }
}

/** Only whether it can be read is told of a message, to nobody but a counter. */
export function malformed(): RangeError {
  return new RangeError('The bytes cannot be read.');
}

/** Reads what `Bytes` wrote. Throws `RangeError` for anything else, and allocates nothing for it. */
export class BytesReader {
  readonly #data: Uint8Array;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  get left(): number {
    return this.#data.length - this.#at;
  }

  byte(): number {
    if (this.#at >= this.#data.length) throw malformed();
    return this.#data[this.#at++]!;
  }

  uint(most = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (value > most) break;
        return value;
      }
      scale *= 128;
    }
    throw malformed();
  }

  int(): number {
    const value = this.uint(2 ** 32 - 1);
    return (value >>> 1) ^ -(value & 1);
  }

  text(maxLength: number): string {
    const encoded = this.bytes(maxLength * 3);
    let value: string;
    try {
      value = utf8Decode(encoded);
    } catch {
      throw malformed();
    }
    if (value.length > maxLength) throw malformed();
    return value;
  }

  /** As `Bytes.bytes` wrote them. Not a copy. */
  bytes(most?: number): Uint8Array {
    const length = this.uint(most);
    if (length > this.left) throw malformed();
    this.#at += length;
    return this.#data.subarray(this.#at - length, this.#at);
  }

  /** The bytes that are left. */
  rest(): Uint8Array {
    return this.#data.subarray(this.#at);
  }
}
