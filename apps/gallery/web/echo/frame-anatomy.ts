/** RFC 6455 §5.2: what the bytes of one frame say, for showing; the bytes may end before the payload does. */
export interface FrameAnatomy {
  readonly fin: boolean;
  /** RSV1 to RSV3; RSV1 marks a compressed message (RFC 7692 §6). */
  readonly rsv: readonly [boolean, boolean, boolean];
  readonly opcode: number;
  readonly opcodeName: string;
  readonly isControl: boolean;
  readonly maskKey: Uint8Array | undefined;
  /** Length of the whole payload, of which the bytes may hold only a part. */
  readonly payloadLength: number;
  readonly parts: readonly FramePart[];
  /** Unmasked. */
  readonly payload: Uint8Array;
}

interface FramePart {
  readonly name: 'flags' | 'length' | 'mask' | 'payload';
  readonly bytes: Uint8Array;
}

const opcodeNames = new Map([
  [0x0, 'continuation'],
  [0x1, 'text'],
  [0x2, 'binary'],
  [0x8, 'close'],
  [0x9, 'ping'],
  [0xa, 'pong'],
]);

/** Undefined when the bytes end before the header does. */
export function readFrame(bytes: Uint8Array): FrameAnatomy | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthEnd = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  const isMasked = (second & 0x80) !== 0;
  const headerEnd = lengthEnd + (isMasked ? 4 : 0);
  if (bytes.length < headerEnd) return undefined;

  const maskKey = isMasked ? bytes.subarray(lengthEnd, headerEnd) : undefined;
  const wirePayload = bytes.subarray(headerEnd);
  const opcode = first & 0x0f;
  const parts: FramePart[] = [
    { name: 'flags', bytes: bytes.subarray(0, 1) },
    { name: 'length', bytes: bytes.subarray(1, lengthEnd) },
  ];
  if (maskKey) parts.push({ name: 'mask', bytes: maskKey });
  if (wirePayload.length > 0) parts.push({ name: 'payload', bytes: wirePayload });

  return {
    fin: (first & 0x80) !== 0,
    rsv: [(first & 0x40) !== 0, (first & 0x20) !== 0, (first & 0x10) !== 0],
    opcode,
    opcodeName: opcodeNames.get(opcode) ?? 'reserved',
    isControl: opcode >= 8,
    maskKey,
    payloadLength: short < 126 ? short : bytes.subarray(2, lengthEnd).reduce((sum, byte) => sum * 256 + byte, 0),
    parts,
    payload: maskKey ? wirePayload.map((byte, i) => byte ^ maskKey[i % 4]!) : wirePayload,
  };
}

/** The payload as a person would say it; undefined when only the bytes tell. `isWhole`: nothing was cut off. */
export function describePayload(frame: FrameAnatomy): string | undefined {
  const { payload } = frame;
  if (payload.length === 0) return 'empty';
  if (frame.opcodeName === 'close' && payload.length >= 2) {
    const code = payload[0]! * 256 + payload[1]!;
    const reason = new TextDecoder().decode(payload.subarray(2));
    return reason ? `${code} ${reason}` : String(code);
  }
  if (frame.rsv[0] || frame.opcodeName === 'binary' || frame.opcodeName === 'continuation') return undefined;
  const text = new TextDecoder().decode(payload);
  // Control characters say nothing on a page; a ping may carry any bytes.
  if (frame.isControl && /[\u0000-\u001f\ufffd]/.test(text)) return undefined;
  return payload.length < frame.payloadLength ? `${text.replace(/\ufffd$/, '')}…` : text;
}
