const gcRef = 0;
const deletedRef = 1;
const stringRef = 4;
const refBits = 31;
const hasParentSub = 32;
const hasRightOrigin = 64;
const hasOrigin = 128;

/**
 * Whether the bytes from `start` on are an update of nothing but text in ASCII and deletions that every Yjs can apply, as nearly all
 * are that people type: one pass that makes nothing of it. False says nothing: it has to be decoded.
 */
export function isPlainUpdate(bytes: Uint8Array, start = 0): boolean {
  const scanner = new PlainScanner(bytes, start);
  return scanner.structs() && scanner.deletions() && scanner.at === bytes.length;
}

/** A number that cannot be read. */
const none = -1;

class PlainScanner {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  structs(): boolean {
    let clients = this.#uint();
    if (clients === none) return false;
    for (; clients > 0; clients--) {
      const count = this.#uint();
      const client = this.#uint();
      let clock = this.#uint();
      if (count === none || client === none || clock === none) return false;
      for (let left = count; left > 0; left--) {
        const length = this.#struct(client, clock);
        clock += length;
        if (length < 1 || !Number.isSafeInteger(clock)) return false;
      }
    }
    return true;
  }

  deletions(): boolean {
    let clients = this.#uint();
    if (clients === none) return false;
    for (; clients > 0; clients--) {
      const client = this.#uint();
      const count = this.#uint();
      if (client === none || count === none) return false;
      for (let left = count; left > 0; left--) {
        const clock = this.#uint();
        const length = this.#uint();
        if (clock === none || length < 1 || !Number.isSafeInteger(clock + length)) return false;
      }
    }
    return true;
  }

  /** Returns the clocks that it takes. */
  #struct(client: number, clock: number): number {
    if (this.at >= this.#bytes.length) return none;
    const info = this.#bytes[this.at++]!;
    const ref = info & refBits;
    if (ref === gcRef) return this.#uint();
    if (ref !== stringRef && ref !== deletedRef) return none;
    if (info & hasOrigin && !this.#earlier(client, clock)) return none;
    if (info & hasRightOrigin && !this.#earlier(client, clock)) return none;
    if ((info & (hasOrigin | hasRightOrigin)) === 0) {
      if (this.#uint() === 1 ? this.#ascii() === none : !this.#earlier(client, clock)) return none;
      if (info & hasParentSub && this.#ascii() === none) return none;
    }
    return ref === stringRef ? this.#ascii() : this.#uint();
  }

  /** A reference to another struct, of its own client an earlier one. */
  #earlier(client: number, clock: number): boolean {
    const otherClient = this.#uint();
    const otherClock = this.#uint();
    return otherClient !== none && otherClock !== none && (otherClient !== client || otherClock < clock);
  }

  /** Skips a text and returns its length. */
  #ascii(): number {
    const length = this.#uint();
    const end = this.at + length;
    if (length === none || end > this.#bytes.length) return none;
    for (; this.at < end; this.at++) if (this.#bytes[this.at]! > 127) return none;
    return length;
  }

  /** An unsigned integer below 2^49, low 7 bits first. */
  #uint(): number {
    let value = 0;
    for (let factor = 1; factor < 2 ** 49 && this.at < this.#bytes.length; factor *= 128) {
      const byte = this.#bytes[this.at++]!;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return none;
  }
}
