import { frameHeaderLength, type FrameFlags, writeFrameHeader } from './frame-header.js';
import { applyMask, readMaskKey } from './mask.js';
import { OPCODE, type Opcode } from './opcodes.js';
import type { TextPort } from '../ports.js';
import { WebSocketError } from '../websocket-error.js';

/**
 * One frame as one contiguous buffer, header and payload: what a server encodes once and writes to many sockets.
 * `payload` is copied, never changed. Throws `control-too-long` and `bad-option` (RFC 6455 §5.5: a control frame carries at
 * most 125 bytes and is never fragmented).
 */
export function encodeFrame(
  opcode: Opcode,
  payload: Uint8Array,
  flags?: FrameFlags,
  text?: Pick<TextPort, 'allocate'>,
): Uint8Array {
  checkFrame(opcode, payload.length, flags);
  const header = frameHeaderLength(payload.length, flags?.mask !== undefined);
  const frame = allocate(text, header + payload.length);
  writeFrameHeader(frame, 0, opcode, payload.length, flags);
  frame.set(payload, header);
  if (flags?.mask !== undefined) applyMask(frame, header, frame.length, readMaskKey(flags.mask, 0));
  return frame;
}

/** A text frame straight from a string: one allocation, no intermediate bytes. */
export function encodeTextFrame(data: string, text: TextPort, flags?: FrameFlags): Uint8Array {
  const length = text.utf8Length(data);
  const header = frameHeaderLength(length, flags?.mask !== undefined);
  const frame = allocate(text, header + length);
  writeFrameHeader(frame, 0, OPCODE.text, length, flags);
  text.writeUtf8(data, frame, header);
  if (flags?.mask !== undefined) applyMask(frame, header, frame.length, readMaskKey(flags.mask, 0));
  return frame;
}

export function encodeUtf8(data: string, text: TextPort): Uint8Array {
  const bytes = allocate(text, text.utf8Length(data));
  text.writeUtf8(data, bytes, 0);
  return bytes;
}

function allocate(text: Pick<TextPort, 'allocate'> | undefined, byteLength: number): Uint8Array {
  return text?.allocate?.(byteLength) ?? new Uint8Array(byteLength);
}

function checkFrame(opcode: Opcode, length: number, flags: FrameFlags | undefined): void {
  if (flags?.mask !== undefined && flags.mask.length !== 4) {
    throw new WebSocketError('bad-option', `a mask key has 4 bytes, not ${flags.mask.length}`);
  }
  if (opcode < 8) return;
  if (length > 125) {
    throw new WebSocketError('control-too-long', `a control frame carries at most 125 bytes, not ${length}`);
  }
  if (flags?.fin === false || flags?.rsv1 === true) {
    throw new WebSocketError('bad-option', 'a control frame is neither fragmented nor compressed');
  }
}
