import type { Role } from '../index.js';

// A peer that writes raw frames, independently of the encoder under test, and may break every rule.

export interface RawFrame {
  readonly fin?: boolean;
  /** RSV1–3 as a number from 0 to 7. */
  readonly rsv?: number;
  /** Default: masked when a client sends. */
  readonly masked?: boolean;
  /** The size of the length field, where it is not to be the shortest. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** Claims another length than the payload's. */
  readonly claims?: bigint;
}

const KEY = [0x37, 0xfa, 0x21, 0x3d]; // RFC 6455 §5.7

/** A frame as `sender` would send it, except for what `raw` changes. */
export function rawFrame(
  sender: Role,
  opcode: number,
  payload: Uint8Array | string = '',
  raw: RawFrame = {},
): Uint8Array {
  const body = Buffer.from(payload as Uint8Array);
  const claims = raw.claims ?? BigInt(body.length);
  const lengthBytes = raw.lengthBytes ?? (claims < 126n ? 0 : claims < 65_536n ? 2 : 8);
  const masked = raw.masked ?? sender === 'client';
  const maskBit = masked ? 0x80 : 0;
  const head = [(raw.fin === false ? 0 : 0x80) | ((raw.rsv ?? 0) << 4) | opcode];
  if (lengthBytes === 0) head.push(maskBit | Number(claims));
  else {
    head.push(maskBit | (lengthBytes === 2 ? 126 : 127));
    for (let shift = BigInt(lengthBytes - 1) * 8n; shift >= 0n; shift -= 8n)
      head.push(Number((claims >> shift) & 0xffn));
  }
  if (masked) {
    head.push(...KEY);
    for (let index = 0; index < body.length; index++) body[index]! ^= KEY[index & 3]!;
  }
  return Uint8Array.from(Buffer.concat([Buffer.from(head), body]));
}

export function otherRole(role: Role): Role {
  return role === 'server' ? 'client' : 'server';
}
