import { MAX_HEADER_BYTES } from './frame-header.js';
import { applyMask, rotateMaskKey } from './mask.js';
import { advanceUtf8, UTF8_REJECT, UTF8_START } from './utf8.js';

// The parts kept between chunks. None of it exists while a connection is idle.

/** A header of which not all bytes have come. */
export class UnfinishedHeader {
  readonly kind = 'header';
  readonly startedAt: number;
  readonly bytes = new Uint8Array(MAX_HEADER_BYTES);
  length = 0;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }
}

/** A frame whose header is known and whose payload is still coming. */
export class UnfinishedPayload {
  readonly kind = 'payload';
  readonly startedAt: number;
  /** The header's first byte: FIN and opcode. */
  readonly first: number;
  remaining: number;
  /** Turned so that it applies to the next byte. */
  key: number;
  readonly masked: boolean;
  /** A control frame is gathered here; data goes to the message. */
  readonly control: Uint8Array | undefined;

  constructor(startedAt: number, first: number, remaining: number, masked: boolean, key: number, control: boolean) {
    this.startedAt = startedAt;
    this.first = first;
    this.remaining = remaining;
    this.masked = masked;
    this.key = key;
    this.control = control ? new Uint8Array(remaining) : undefined;
  }
}

const FIRST_CAPACITY = 128;

/**
 * A message of which not all has come: one buffer that doubles, so that any number of fragments is copied in linear time
 * and kept in at most twice their bytes.
 */
export class UnfinishedMessage {
  readonly startedAt: number;
  readonly isText: boolean;
  readonly isCompressed: boolean;
  buffer = new Uint8Array(FIRST_CAPACITY);
  length = 0;
  #utf8 = UTF8_START;

  constructor(startedAt: number, isText: boolean, isCompressed: boolean) {
    this.startedAt = startedAt;
    this.isText = isText;
    this.isCompressed = isCompressed;
  }

  /** False when text ended inside a character. */
  get endsWell(): boolean {
    return this.#utf8 === UTF8_START;
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /**
   * Appends `source[start..end)`, unmasked, and checks text as it comes: false at the first byte that cannot be UTF-8.
   * `atMost` is the size of the whole message where it is known, so that the last step of growth is exact.
   */
  append(source: Uint8Array, start: number, end: number, key: number, atMost: number): boolean {
    const from = this.length;
    const to = from + end - start;
    if (to > this.buffer.length) this.#grow(to, atMost);
    const { buffer } = this;
    if (end - start <= 32) for (let offset = start, at = from; offset < end;) buffer[at++] = source[offset++]!;
    else buffer.set(source.subarray(start, end), from);
    const seen = applyMask(buffer, from, to, key);
    this.length = to;
    if (!this.isText || this.isCompressed) return true;
    if (this.#utf8 === UTF8_START && (seen & 0x80808080) === 0) return true;
    this.#utf8 = advanceUtf8(this.#utf8, buffer, from, to);
    return this.#utf8 !== UTF8_REJECT;
  }

  #grow(needed: number, atMost: number): void {
    const capacity = Math.max(needed, Math.min(2 * this.buffer.length, atMost));
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes);
    this.buffer = grown;
  }
}

export function consumed(payload: UnfinishedPayload, byteLength: number): void {
  payload.remaining -= byteLength;
  payload.key = rotateMaskKey(payload.key, byteLength);
}
