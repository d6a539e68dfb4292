import { Refusal } from './refusal.js';
import { utf8Decode } from '../values/utf8.js';

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
    if (this.#at >= this.#end) this.#fail('The frame ends early.');
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
    return this.#fail('A number is out of range.');
  }

  /** A view of the next `uint` bytes. */
  bytes(): Uint8Array {
    const length = this.uint();
    if (length > this.#end - this.#at) this.#fail('The frame ends early.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return utf8Decode(bytes);
    } catch {
      throw new Refusal('A text is not UTF-8.', 'invalid-data');
    }
  }

  /** A reader of the next `uint` bytes. */
  part(): ByteReader {
    const length = this.uint();
    if (length > this.#end - this.#at) this.#fail('The frame ends early.');
    this.#at += length;
    return new ByteReader(this.#bytes, this.#at - length, this.#at);
  }

  /** Nothing can be read after bytes of unknown length. */
  #fail(message: string): never {
    this.#at = this.#end;
    throw new Refusal(message);
  }
}
