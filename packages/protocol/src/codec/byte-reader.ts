import { Refusal } from './refusal.js';
import { utf8Decode } from '../values/utf8.js';

/** Names, ids and small values are shorter: their units cost less to gather one by one than a call of the decoder. */
const shortBytes = 64;
/**
 * Short texts that came lately, each at the place that its bytes give: names of channels come again and again, and one that is known costs
 * no new string.
 */
const recentTexts = 1024;
const recent: string[] = Array.from({ length: recentTexts }, () => '');

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

  /** The next `uint` bytes in memory of their own. Not `slice()`: where they come from a Buffer of Node, that is a view. */
  copy(): Uint8Array {
    const view = this.bytes();
    if (view.length > shortBytes) return new Uint8Array(view);
    const copy = new Uint8Array(view.length);
    for (let i = 0; i < copy.length; i++) copy[i] = view[i]!;
    return copy;
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
    let place = 0;
    for (let i = start; i < start + length; i++) {
      const byte = bytes[i]!;
      if (byte > 127) return undefined;
      place = (place * 31 + byte) % recentTexts;
    }
    const known = recent[place]!;
    if (known.length === length && isText(known, bytes, start)) return known;
    return (recent[place] = String.fromCharCode.apply(null, [...bytes.subarray(start, start + length)]));
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

function isText(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
