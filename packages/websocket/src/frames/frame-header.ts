import type { Opcode } from './opcodes.js';

// RFC 6455 §5.2: the layout of a frame's header, read from and written into bytes, without an object per frame.

/** Two bytes, a 64-bit length and a mask key. */
export const MAX_HEADER_BYTES = 14;

/** The length field is longer than it need be (§5.2: "the minimal number of bytes MUST be used"). */
const LENGTH_NOT_MINIMAL = -1;
/** The most significant bit of a 64-bit length is set (§5.2: "MUST be 0"). */
export const LENGTH_NEGATIVE = -2;
/** Beyond 2 ** 53: valid, but no limit allows it. */
export const LENGTH_HUGE = -3;

/** The size of a received header, given its second byte. */
export function headerSize(second: number): number {
  const length = second & 0x7f;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + (second >>> 7) * 4;
}

/** The payload length of the frame whose header begins at `offset`, or one of the negative constants above. */
export function readPayloadLength(bytes: Uint8Array, offset: number): number {
  const short = bytes[offset + 1]! & 0x7f;
  if (short < 126) return short;
  if (short === 126) {
    const length = (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
    return length < 126 ? LENGTH_NOT_MINIMAL : length;
  }
  const high = readUint32(bytes, offset + 2);
  if (high > 0x7fffffff) return LENGTH_NEGATIVE;
  if (high > 0x1fffff) return LENGTH_HUGE;
  const length = high * 0x1_0000_0000 + readUint32(bytes, offset + 6);
  return length < 0x10000 ? LENGTH_NOT_MINIMAL : length;
}

function readUint32(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

/** How many bytes to reserve in front of a payload that is built in place. */
export function frameHeaderLength(payloadLength: number, masked = false): number {
  return (payloadLength < 126 ? 2 : payloadLength < 0x10000 ? 4 : 10) + (masked ? 4 : 0);
}

export interface FrameFlags {
  /** Default true: the frame ends its message. */
  readonly fin?: boolean;
  /** Default false. With permessage-deflate: the message is compressed (RFC 7692 §6). */
  readonly rsv1?: boolean;
  /** Four random bytes; a client's frames must have them, a server's must not (RFC 6455 §5.1). */
  readonly mask?: Uint8Array | undefined;
}

/**
 * Writes a header at `offset` and returns the offset of the payload. The payload is the caller's to write, and to mask.
 * `target` must have room for `frameHeaderLength(payloadLength, mask given)` bytes.
 */
export function writeFrameHeader(
  target: Uint8Array,
  offset: number,
  opcode: Opcode,
  payloadLength: number,
  flags?: FrameFlags,
): number {
  const maskBit = flags?.mask === undefined ? 0 : 0x80;
  target[offset] = (flags?.fin === false ? 0 : 0x80) | (flags?.rsv1 === true ? 0x40 : 0) | opcode;
  let at = offset + 2;
  if (payloadLength < 126) {
    target[offset + 1] = maskBit | payloadLength;
  } else if (payloadLength < 0x10000) {
    target[offset + 1] = maskBit | 126;
    target[at++] = payloadLength >>> 8;
    target[at++] = payloadLength;
  } else {
    target[offset + 1] = maskBit | 127;
    const high = Math.floor(payloadLength / 0x1_0000_0000);
    for (const word of [high, payloadLength >>> 0]) {
      target[at++] = word >>> 24;
      target[at++] = word >>> 16;
      target[at++] = word >>> 8;
      target[at++] = word;
    }
  }
  if (flags?.mask !== undefined) {
    for (let index = 0; index < 4; index++) target[at++] = flags.mask[index]!;
  }
  return at;
}
