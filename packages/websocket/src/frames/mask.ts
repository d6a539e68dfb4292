// RFC 6455 §5.3. A key is held as one 32-bit number, its first byte lowest, so that it costs no object per frame.

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Below this a view on 32-bit words costs more than it saves (measured: break-even near 100 bytes). */
const WORDWISE_FROM = 128;

export function readMaskKey(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24);
}

/** The key as it applies from byte `phase` of the payload on. */
export function rotateMaskKey(key: number, phase: number): number {
  const bits = (phase & 3) << 3;
  return bits === 0 ? key : (key >>> bits) | (key << (32 - bits));
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

/**
 * Masks or unmasks in place and returns the OR of all resulting bytes (possibly in all four lanes of the number): a caller
 * that finds no bit of 0x80808080 knows that the result is ASCII, for free.
 */
export function applyMask(bytes: Uint8Array, start: number, end: number, key: number): number {
  let seen = 0;
  let offset = start;
  let turned = key;
  if (end - start >= WORDWISE_FROM) {
    const lead = -(bytes.byteOffset + start) & 3;
    for (const stop = start + lead; offset < stop; offset++) {
      seen |= bytes[offset]! ^= turned & 0xff;
      turned = rotateMaskKey(turned, 1);
    }
    const count = (end - offset) >>> 2;
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + offset, count);
    const wordKey = LITTLE_ENDIAN ? turned : swapBytes(turned);
    for (let index = 0; index < count; index++) seen |= words[index]! ^= wordKey;
    offset += count << 2;
  }
  const key0 = turned & 0xff;
  const key1 = (turned >>> 8) & 0xff;
  const key2 = (turned >>> 16) & 0xff;
  const key3 = turned >>> 24;
  for (const stop = end - 3; offset < stop; offset += 4) {
    seen |=
      (bytes[offset]! ^= key0) |
      (bytes[offset + 1]! ^= key1) |
      (bytes[offset + 2]! ^= key2) |
      (bytes[offset + 3]! ^= key3);
  }
  if (offset < end) seen |= bytes[offset]! ^= key0;
  if (offset + 1 < end) seen |= bytes[offset + 1]! ^= key1;
  if (offset + 2 < end) seen |= bytes[offset + 2]! ^= key2;
  return seen;
}
