/** Bytes of one lane that the page itself can count: a browser shows it contents, and neither heads nor framing. */
export interface Tally {
  /** HTTP requests, a WebSocket's handshake among them. */
  requests: number;
  /** Bytes of bodies and of frames' payloads. */
  contentUp: number;
  contentDown: number;
  /** Bytes of WebSocket frames around their payloads. */
  framingUp: number;
  framingDown: number;
}

export function createTally(): Tally {
  return { requests: 0, contentUp: 0, contentDown: 0, framingUp: 0, framingDown: 0 };
}

/** RFC 6455 §5.2: what a frame has in front of its payload. A client masks what it sends. */
export function frameHeaderBytes(payloadBytes: number, isMasked: boolean): number {
  return 2 + (payloadBytes > 65_535 ? 8 : payloadBytes > 125 ? 2 : 0) + (isMasked ? 4 : 0);
}

/** Bytes on the wire of what a page sends or gets; text travels as UTF-8. */
export function contentBytes(content: string | Uint8Array | ArrayBuffer): number {
  return typeof content === 'string' ? utf8Bytes(content) : content.byteLength;
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  // By code points: a surrogate pair is one of four bytes, half a pair becomes the replacement character's three.
  for (const char of text) {
    const point = char.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
