import { Buffer } from 'node:buffer';

/** Builds a record: numbers as varints, text and bytes behind their length. Grows as needed. */
export class ByteWriter {
  #buffer: Buffer;
  length = 0;

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  /** A whole number from 0 to 2^53 - 1, seven bits a byte. */
  uint(value: number): this {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.length++] = rest;
    return this;
  }

  /** A whole number of either sign, below 2^52. */
  int(value: number): this {
    return this.uint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  uint32(value: number): this {
    this.#reserve(4);
    this.length = this.#buffer.writeUInt32BE(value, this.length);
    return this;
  }

  text(value: string): this {
    const length = Buffer.byteLength(value);
    this.uint(length).#reserve(length);
    this.length += this.#buffer.write(value, this.length, length, 'utf8');
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.uint(value.length).raw(value);
  }

  /** Without a length: it is read to the end. */
  raw(value: Uint8Array): this {
    this.#reserve(value.length);
    this.#buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** The bytes written so far, valid until more are written. */
  view(from = 0): Buffer {
    return this.#buffer.subarray(from, this.length);
  }

  /** A copy of the bytes written so far. */
  copy(): Buffer {
    return Buffer.from(this.view());
  }

  reset(): this {
    this.length = 0;
    return this;
  }

  setUint32(at: number, value: number): void {
    this.#buffer.writeUInt32BE(value, at);
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.view());
    this.#buffer = larger;
  }
}

/** Reads what {@link ByteWriter} wrote. Throws `RangeError` where the bytes end too early. */
export class ByteReader {
  readonly #buffer: Buffer;
  at: number;
  readonly end: number;

  constructor(buffer: Buffer, at = 0, end = buffer.length) {
    this.#buffer = buffer;
    this.at = at;
    this.end = end;
  }

  uint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      if (this.at >= this.end) throw new RangeError('The record ends in the midst of a number.');
      const byte = this.#buffer[this.at++]!;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  uint32(): number {
    const at = this.#take(4);
    return this.#buffer.readUInt32BE(at);
  }

  text(): string {
    const length = this.uint();
    const at = this.#take(length);
    return this.#buffer.toString('utf8', at, at + length);
  }

  /** A view: it lasts as long as what is read from. */
  bytes(): Buffer {
    const length = this.uint();
    const at = this.#take(length);
    return this.#buffer.subarray(at, at + length);
  }

  skip(): void {
    this.#take(this.uint());
  }

  /** All that is left, as a view. */
  rest(): Buffer {
    const at = this.at;
    this.at = this.end;
    return this.#buffer.subarray(at, this.end);
  }

  restText(): string {
    const at = this.at;
    this.at = this.end;
    return this.#buffer.toString('utf8', at, this.end);
  }

  #take(length: number): number {
    const { at } = this;
    if (at + length > this.end) throw new RangeError('The record ends in the midst of a field.');
    this.at += length;
    return at;
  }
}
