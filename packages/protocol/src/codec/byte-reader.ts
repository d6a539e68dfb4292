import type { ByteWriter } from './byte-writer.js';
import { Refusal } from './refusal.js';
import { utf8Decode } from '../values/utf8.js';

/** Names and ids are shorter: to look for one costs less than a call of the decoder. */
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

  /** A text that may be known, as names are. */
  text(): string {
    const length = this.length();
    if (length > shortBytes) return this.decode(length);
    const place = this.place(length);
    const known = recent[place]!;
    if (known.length === length && isText(known, this.#bytes, this.#at)) {
      this.#at += length;
      return known;
    }
    const text = this.decode(length);
    // One that is not all ASCII has fewer units than bytes.
    if (text.length === length) recent[place] = text;
    return text;
  }

  /** A text that is not looked for among those that are known, as data are not. */
  data(): string {
    return this.decode(this.length());
  }

  /** Writes the next `uint` bytes to `writer`, as they are. */
  moveTo(writer: ByteWriter): void {
    const length = this.length();
    writer.part(this.#bytes, this.#at, (this.#at += length));
  }

  /** A reader of the same from here on. */
  fork(): ByteReader {
    return new ByteReader(this.#bytes, this.#at, this.#end);
  }

  private decode(length: number): string {
    const start = this.#at;
    this.#at += length;
    try {
      return utf8Decode(this.#bytes.subarray(start, this.#at));
    } catch {
      throw new Refusal('A text is not UTF-8.', 'invalid-data');
    }
  }

  /** The place of the next `length` bytes among the texts that are known. */
  private place(length: number): number {
    let place = 0;
    for (let i = this.#at; i < this.#at + length; i++) place = (place * 31 + this.#bytes[i]!) & (recentTexts - 1);
    return place;
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
