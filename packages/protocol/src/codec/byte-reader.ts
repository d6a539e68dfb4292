import { Refusal } from './refusal.js';
import { utf8Decode } from '../values/utf8.js';

/** Names, ids and small values are shorter: their units cost less to gather one by one than a call of the decoder. */
const shortBytes = 64;

/** Reads what `ByteWriter` wrote. Allocates nothing that the bytes at hand do not cover. Throws `Refusal`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  byte(): number {
    if (this.#at >= this.#end) this.fail('The frame ends early.');
    return this.#bytes[this.#at++]!;
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      scale *= 128;
    }
    return this.fail('A number is out of range.');
  }

  /** A view of the next `uint` bytes. */
  bytes(): Uint8Array {
    const length = this.length();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const length = this.length();
    const start = this.#at;
    this.#at += length;
    const ascii = length <= shortBytes ? this.ascii(start, length) : undefined;
    if (ascii !== undefined) return ascii;
    try {
      return utf8Decode(this.#bytes.subarray(start, this.#at));
    } catch {
      throw new Refusal('A text is not UTF-8.', 'invalid-data');
    }
  }

  /** Undefined: it is not all ASCII. */
  private ascii(start: number, length: number): string | undefined {
    const bytes = this.#bytes;
    const units: number[] = [];
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i]!;
      if (byte > 127) return undefined;
      units.push(byte);
    }
    return String.fromCharCode.apply(null, units);
  }

  private length(): number {
    const length = this.uint();
    if (length > this.#end - this.#at) this.fail('The frame ends early.');
    return length;
  }

  /** A reader of the next `uint` bytes. */
  part(): ByteReader {
    const length = this.length();
    this.#at += length;
    return new ByteReader(this.#bytes, this.#at - length, this.#at);
  }

  /** Nothing can be read after bytes of unknown length. */
  private fail(message: string): never {
    this.#at = this.#end;
    throw new Refusal(message);
  }
}
