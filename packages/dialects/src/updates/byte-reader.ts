import { LongwaveError } from '@longwave/protocol';

const decoder = new TextDecoder();

/** Levels of arrays and objects in one value. */
const maxDepth = 128;

/** Reads the encoding of Yjs from bytes, and skips what is not asked for. Every method throws `invalid-data` past the end. */
export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  get done(): boolean {
    return this.at >= this.#end;
  }

  byte(): number {
    if (this.at >= this.#end) throw cutOff();
    return this.bytes[this.at++]!;
  }

  /** An unsigned integer below 2^53, low 7 bits first. */
  uint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 49; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
    }
    throw new LongwaveError('invalid-data', 'A number is too large.');
  }

  /** Bytes behind their length: a view. */
  blob(): Uint8Array {
    const length = this.uint();
    const from = this.at;
    this.skip(length);
    return this.bytes.subarray(from, this.at);
  }

  text(): string {
    return decoder.decode(this.blob());
  }

  rest(): Uint8Array {
    const from = this.at;
    this.at = this.#end;
    return this.bytes.subarray(from, this.#end);
  }

  skip(length: number): void {
    if (length > this.#end - this.at) throw cutOff();
    this.at += length;
  }

  skipText(): void {
    this.skip(this.uint());
  }

  /** Skips a text and returns its length in UTF-16 units. */
  textUnits(): number {
    const length = this.uint();
    const end = this.at + length;
    if (end > this.#end) throw cutOff();
    const { bytes } = this;
    let units = 0;
    for (let i = this.at; i < end; i++) {
      const byte = bytes[i]!;
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    this.at = end;
    return units;
  }

  /** Skips a value of lib0's `any` encoding. */
  skipAny(depth = 0): void {
    if (depth > maxDepth) throw new LongwaveError('invalid-data', `A value nests deeper than ${maxDepth} levels.`);
    const kind = this.byte();
    switch (kind) {
      case 127:
      case 126:
      case 121:
      case 120:
        return;
      case 125:
        for (let i = 0; this.byte() >= 128; i++)
          if (i > 8) throw new LongwaveError('invalid-data', 'A number is too large.');
        return;
      case 124:
        return this.skip(4);
      case 123:
      case 122:
        return this.skip(8);
      case 119:
      case 116:
        return this.skipText();
      case 118:
        for (let left = this.uint(); left > 0; left--) {
          this.skipText();
          this.skipAny(depth + 1);
        }
        return;
      case 117:
        for (let left = this.uint(); left > 0; left--) this.skipAny(depth + 1);
        return;
      default:
        throw new LongwaveError('invalid-data', `There is no value of kind ${kind}.`);
    }
  }
}

function cutOff(): LongwaveError {
  return new LongwaveError('invalid-data', 'The bytes end too early.');
}
