import type { Encoded } from './codec.js';
import { ByteReader } from './byte-reader.js';

/**
 * Splits a message into its first frame, still encoded, and the rest, so that the first can be judged before the rest
 * is decoded. A message whose first border cannot be told is all first.
 */
export function splitFirst(message: Encoded): readonly [first: Encoded, rest: Encoded | undefined] {
  return typeof message === 'string' ? splitText(message) : splitBytes(message);
}

function splitText(message: string): readonly [string, string | undefined] {
  let start = 0;
  while (message[start] === '\n') start++;
  const end = message.indexOf('\n', start);
  return end < 0 ? [message, undefined] : [message.slice(start, end), message.slice(end + 1)];
}

function splitBytes(message: Uint8Array): readonly [Uint8Array, Uint8Array | undefined] {
  const reader = new ByteReader(message);
  try {
    const frame = reader.bytes();
    const end = frame.byteOffset - message.byteOffset + frame.length;
    return end === message.length ? [message, undefined] : [message.subarray(0, end), message.subarray(end)];
  } catch {
    return [message, undefined];
  }
}
