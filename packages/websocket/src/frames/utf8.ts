import type { TextPort } from '../ports.js';

// Strict UTF-8 (RFC 3629), checked byte by byte across borders of chunks and fragments. The state between two bytes is one
// number: how many continuation bytes are due, and the range that the next one must lie in.

/** Between two characters: the state to begin with and the only one text may end in. */
export const UTF8_START = 0;
/** A byte came that no continuation can make valid. */
export const UTF8_REJECT = -1;

const NEXT_ANY = (0x80 << 8) | (0xbf << 16);

/** Consumes `bytes[start..end)`; returns the new state, or UTF8_REJECT at the first byte that is wrong. */
export function advanceUtf8(state: number, bytes: Uint8Array, start: number, end: number): number {
  let current = state;
  for (let offset = start; offset < end; offset++) {
    const byte = bytes[offset]!;
    if (current === UTF8_START) {
      if (byte < 0x80) continue;
      current = leadByte(byte);
      if (current === UTF8_REJECT) return UTF8_REJECT;
    } else {
      if (byte < ((current >>> 8) & 0xff) || byte > ((current >>> 16) & 0xff)) return UTF8_REJECT;
      const due = (current & 0xff) - 1;
      current = due === 0 ? UTF8_START : due | NEXT_ANY;
    }
  }
  return current;
}

function leadByte(byte: number): number {
  if (byte < 0xc2 || byte > 0xf4) return UTF8_REJECT; // continuation, overlong, above U+10FFFF
  if (byte < 0xe0) return 1 | NEXT_ANY;
  if (byte === 0xe0) return 2 | (0xa0 << 8) | (0xbf << 16); // overlong below
  if (byte === 0xed) return 2 | (0x80 << 8) | (0x9f << 16); // surrogates above
  if (byte < 0xf0) return 2 | NEXT_ANY;
  if (byte === 0xf0) return 3 | (0x90 << 8) | (0xbf << 16); // overlong below
  if (byte === 0xf4) return 3 | (0x80 << 8) | (0x8f << 16); // above U+10FFFF
  return 3 | NEXT_ANY;
}

/** Below this the call into the host costs more than the loop. */
const PORT_FROM = 64;

export function isValidUtf8(text: TextPort, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start >= PORT_FROM && text.isUtf8 !== undefined) return text.isUtf8(bytes.subarray(start, end));
  return advanceUtf8(UTF8_START, bytes, start, end) === UTF8_START;
}
