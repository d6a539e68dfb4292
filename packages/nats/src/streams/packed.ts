import { Buffer } from 'node:buffer';
import type { Payload } from '@longwave/protocol';

/** JSON with payloads beside it, which are carried as they are. */
export interface Packed {
  readonly head: unknown;
  readonly payloads: readonly Payload[];
}

/**
 * Length of the JSON (4 bytes, big-endian), the JSON `[head, lengths]`, the payloads. The length `n` of bytes is
 * written as `-n - 1`.
 */
export function pack(head: unknown, payloads: readonly Payload[]): Buffer {
  const parts = payloads.map((payload) => (typeof payload === 'string' ? Buffer.from(payload) : payload));
  const lengths = parts.map(({ length }, i) => (typeof payloads[i] === 'string' ? length : -length - 1));
  const json = Buffer.from(JSON.stringify([head, lengths]));
  const size = Buffer.allocUnsafe(4);
  size.writeUInt32BE(json.length);
  return Buffer.concat([size, json, ...parts]);
}

/** Throws when `bytes` are not what {@link pack} made. */
export function unpack(bytes: Uint8Array): Packed {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = 4 + view.readUInt32BE(0);
  const [head, lengths] = JSON.parse(view.toString('utf8', 4, end)) as [unknown, number[]];
  let at = end;
  const payloads = lengths.map((length) => {
    const start = at;
    at += length < 0 ? -length - 1 : length;
    if (at > view.length) throw new RangeError('The packed bytes end early.');
    // A copy, so that one small payload does not keep a whole record in memory.
    return length < 0 ? new Uint8Array(view.subarray(start, at)) : view.toString('utf8', start, at);
  });
  return { head, payloads };
}
