import { CLOSE_CODE } from './close-codes.js';
import { LENGTH_HUGE, LENGTH_NEGATIVE } from './frame-header.js';
import { OPCODE } from './opcodes.js';
import type { Role } from './role.js';

/** A rule of the protocol that the peer broke: the code and the reason of the Close frame that tells it. */
export interface Violation {
  readonly code: number;
  /** ASCII, at most 123 bytes. */
  readonly reason: string;
}

function protocolError(reason: string): Violation {
  return { code: CLOSE_CODE.protocolError, reason };
}

export const RULES = {
  reservedBits: protocolError('RSV2 and RSV3 must be 0'),
  unexpectedRsv1: protocolError('RSV1 is set but not negotiated for this frame'),
  reservedOpcode: protocolError('reserved opcode'),
  notMasked: protocolError('a client must mask its frames'),
  masked: protocolError('a server must not mask its frames'),
  fragmentedControl: protocolError('a control frame must not be fragmented'),
  longControl: protocolError('a control frame carries at most 125 bytes'),
  nothingToContinue: protocolError('continuation without a message to continue'),
  messageNotFinished: protocolError('new message before the last one was finished'),
  lengthNotMinimal: protocolError('payload length is not in its shortest form'),
  lengthNegative: protocolError('payload length has its most significant bit set'),
  closeOfOneByte: protocolError('a close payload is empty or at least 2 bytes'),
  closeCode: protocolError('invalid close code'),
  closeReason: { code: CLOSE_CODE.invalidPayload, reason: 'close reason is not UTF-8' },
  notUtf8: { code: CLOSE_CODE.invalidPayload, reason: 'text is not UTF-8' },
  // RFC 7692 names no code. 1007 is the one for content that does not decode (RFC 6455 §7.4.1); the framing was right.
  cannotInflate: { code: CLOSE_CODE.invalidPayload, reason: 'compressed data is malformed' },
  frameTooBig: { code: CLOSE_CODE.messageTooBig, reason: 'frame too big' },
  messageTooBig: { code: CLOSE_CODE.messageTooBig, reason: 'message too big' },
} as const satisfies Record<string, Violation>;

/** Judges the first two bytes of a header (RFC 6455 §5.2–5.5, RFC 7692 §6). */
export function checkFrameStart(
  first: number,
  second: number,
  role: Role,
  messageOpen: boolean,
  compressionAgreed: boolean,
): Violation | undefined {
  const opcode = first & 0x0f;
  if ((first & 0x30) !== 0) return RULES.reservedBits;
  // The bit that marks a compressed message stands on its first frame alone.
  const mayCompress = compressionAgreed && (opcode === OPCODE.text || opcode === OPCODE.binary);
  if ((first & 0x40) !== 0 && !mayCompress) return RULES.unexpectedRsv1;
  if ((opcode > OPCODE.binary && opcode < OPCODE.close) || opcode > OPCODE.pong) return RULES.reservedOpcode;
  if (role === 'server') {
    if ((second & 0x80) === 0) return RULES.notMasked;
  } else if ((second & 0x80) !== 0) return RULES.masked;
  if (opcode >= OPCODE.close) {
    if ((first & 0x80) === 0) return RULES.fragmentedControl;
    return (second & 0x7f) > 125 ? RULES.longControl : undefined;
  }
  if (opcode === OPCODE.continuation) return messageOpen ? undefined : RULES.nothingToContinue;
  return messageOpen ? RULES.messageNotFinished : undefined;
}

/** For a negative result of `readPayloadLength`. */
export function lengthViolation(length: number): Violation {
  if (length === LENGTH_HUGE) return RULES.frameTooBig;
  return length === LENGTH_NEGATIVE ? RULES.lengthNegative : RULES.lengthNotMinimal;
}
