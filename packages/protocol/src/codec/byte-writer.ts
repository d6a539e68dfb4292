import { utf8EncodeInto } from '../values/utf8.js';

/** A length up to this takes one byte. */
const mostAscii = 127;

/** From here on what was written is handed out without a copy, if it fills its buffer. */
const largeBytes = 64 * 1024;
/** Bytes that may follow a large value, such as the length in front of all. */
const spareBytes = 64;

/** A message this short lies beside others when it is handed out: memory of its own costs several times what it costs to write it. */
const shortBytes = 1024;
const sharedBytes = 8192;

/** A growing buffer. `take` hands out what was written and starts anew. A short one is a part of a larger buffer then: it is for now. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #shared = new Uint8Array(0);
  #sharedLength = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Unsigned LEB128. Throws `RangeError` for what is no whole number up to 2^53−1: it would be read as another. */
  uint(value: number): void {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && value % 1 === 0)) {
      throw new RangeError(`The wire carries whole numbers from 0 to 2^53 - 1, and ${value} is none.`);
    }
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Length in bytes, then the bytes. */
  bytes(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** The bytes of `source` from `start` to `end`. A view of a few costs more than to copy them one by one. */
  part(source: Uint8Array, start: number, end: number): void {
    this.#reserve(end - start);
    const bytes = this.#bytes;
    let at = this.#length;
    if (end - start > mostAscii) bytes.set(source.subarray(start, end), at);
    else for (let i = start; i < end; i++) bytes[at++] = source[i]!;
    this.#length += end - start;
  }

  /**
   * As `text`, for a short one that is all ASCII, as nearly all are: quicker than the encoder. False: it is none, and
   * nothing was written.
   */
  ascii(value: string): boolean {
    const { length } = value;
    if (length > mostAscii) return false;
    this.#reserve(length + 1);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 127) return false;
      bytes[start + i] = unit;
    }
    bytes[start - 1] = length;
    this.#length = start + length;
    return true;
  }

  /** Length in UTF-8 bytes, then the bytes. */
  text(value: string): void {
    if (this.ascii(value)) return;
    // Written after a gap for the length, as if all were ASCII; moved when that guess was too small.
    const gap = uintLength(value.length);
    this.#reserve(gap + value.length * 3 + 8);
    const start = this.#length + gap;
    const written = utf8EncodeInto(value, this.#bytes.subarray(start));
    const need = uintLength(written);
    if (need !== gap) this.#bytes.copyWithin(this.#length + need, start, start + written);
    this.uint(written);
    this.#length += written;
  }

  /** Puts the length of all that was written in front of it. */
  prefixLength(): void {
    const written = this.#length;
    const gap = uintLength(written);
    this.#reserve(gap + 8);
    this.#bytes.copyWithin(gap, 0, written);
    this.#length = 0;
    this.uint(written);
    this.#length += written;
  }

  take(): Uint8Array {
    const length = this.#length;
    if (length <= shortBytes) return this.#takeShort(length);
    if (length < largeBytes || length + spareBytes < this.#bytes.length) {
      const taken = this.#bytes.slice(0, length);
      this.clear();
      return taken;
    }
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = new Uint8Array(1024);
    this.#length = 0;
    return taken;
  }

  /** As `take`, without a copy: good until something is written again. */
  lend(): Uint8Array {
    const lent = this.#bytes.subarray(0, this.#length);
    this.clear();
    return lent;
  }

  #takeShort(length: number): Uint8Array {
    if (this.#sharedLength + length > this.#shared.length) {
      this.#shared = new Uint8Array(sharedBytes);
      this.#sharedLength = 0;
    }
    const taken = this.#shared.subarray(this.#sharedLength, (this.#sharedLength += length));
    taken.set(this.#bytes.subarray(0, length));
    this.clear();
    return taken;
  }

  /** Starts anew. */
  clear(): void {
    this.#length = 0;
    // One large message must not keep its memory for good.
    if (this.#bytes.length > 1 << 20) this.#bytes = new Uint8Array(1024);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed + spareBytes, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

function uintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++;
  return length;
}
