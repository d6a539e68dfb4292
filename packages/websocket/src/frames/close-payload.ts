import { CLOSE_CODE, isWireCloseCode } from './close-codes.js';
import { encodeUtf8 } from './frame.js';
import { RULES, type Violation } from './frame-rules.js';
import type { TextPort } from '../ports.js';
import { isValidUtf8 } from './utf8.js';
import { WebSocketError } from '../websocket-error.js';

// The body of a Close frame (RFC 6455 §5.5.1): nothing, or a code and a reason.

/** Throws `bad-close-code` and `bad-close-reason`. */
export function encodeClosePayload(code: number | undefined, reason: string, text: TextPort): Uint8Array {
  if (code === undefined) {
    if (reason !== '') throw new WebSocketError('bad-close-code', 'a close reason needs a close code');
    return new Uint8Array(0);
  }
  if (!isWireCloseCode(code)) {
    throw new WebSocketError('bad-close-code', `${code} cannot be sent: use 1000–1014 without 1004–1006, or 3000–4999`);
  }
  const bytes = encodeUtf8(reason, text);
  if (bytes.length > 123) {
    throw new WebSocketError('bad-close-reason', `a close reason has at most 123 bytes, not ${bytes.length}`);
  }
  const payload = new Uint8Array(2 + bytes.length);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(bytes, 2);
  return payload;
}

export type ReceivedClose =
  | { readonly valid: true; /** 1005 when the peer gave none. */ readonly code: number; readonly reason: string }
  | { readonly valid: false; readonly violation: Violation };

export function decodeClosePayload(payload: Uint8Array, text: TextPort): ReceivedClose {
  if (payload.length === 0) return { valid: true, code: CLOSE_CODE.noStatus, reason: '' };
  if (payload.length === 1) return { valid: false, violation: RULES.closeOfOneByte };
  const code = (payload[0]! << 8) | payload[1]!;
  if (!isWireCloseCode(code)) return { valid: false, violation: RULES.closeCode };
  if (!isValidUtf8(text, payload, 2, payload.length)) return { valid: false, violation: RULES.closeReason };
  return { valid: true, code, reason: text.decodeUtf8(payload, 2, payload.length) };
}
