import type { CodecName, Encoded } from './codec.js';
import { utf8Decode, utf8Encode } from './utf8.js';

/** Bytes of one message that a reader takes. */
const maxMessageBytes = 16 * 1024 * 1024;

const lf = 10;

/**
 * A message in the body of an HTTP response (HTTP-2): as an event of `text/event-stream` with a `data` line for
 * each frame, or as its length in four bytes, the highest first, and the bytes of the binary codec.
 */
export function packEvent(message: Encoded): Uint8Array {
  if (typeof message === 'string') return utf8Encode(`data: ${message.replaceAll('\n', '\ndata: ')}\n\n`);
  const packed = new Uint8Array(4 + message.length);
  new DataView(packed.buffer).setUint32(0, message.length);
  packed.set(message, 4);
  return packed;
}

/** Finds the messages in a body that comes in pieces, however it is cut. */
export interface EventReader {
  /** The messages that are complete with this piece. Throws `RangeError` on one that is too large. */
  push(piece: Uint8Array): Encoded[];
}

export function createEventReader(codec: CodecName): EventReader {
  let rest: Uint8Array = new Uint8Array();
  const read = codec === 'json' ? readText : readBinary;
  return {
    push(piece) {
      const messages: Encoded[] = [];
      const bytes = rest.length > 0 ? concat(rest, piece) : piece;
      const end = read(bytes, rest.length, messages);
      rest = bytes.slice(end);
      if (rest.length > maxMessageBytes) throw new RangeError('The message is too large.');
      return messages;
    },
  };
}

/** Reads whole events, which end with an empty line. Returns where the rest begins; before `from` there is no end. */
function readText(bytes: Uint8Array, from: number, messages: Encoded[]): number {
  let start = 0;
  for (let i = Math.max(1, from); i < bytes.length; i++) {
    if (bytes[i] !== lf || bytes[i - 1] !== lf) continue;
    const lines = utf8Decode(bytes.subarray(start, i)).split('\n');
    // Anything else is a comment, which keeps a proxy from closing the stream.
    const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
    if (data.length > 0) messages.push(data.join('\n'));
    start = i + 1;
  }
  return start;
}

function readBinary(bytes: Uint8Array, _from: number, messages: Encoded[]): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  while (bytes.length - start >= 4) {
    const length = view.getUint32(start);
    if (length > maxMessageBytes) throw new RangeError('The message is too large.');
    const end = start + 4 + length;
    if (end > bytes.length) break;
    if (length > 0) messages.push(bytes.slice(start + 4, end));
    start = end;
  }
  return start;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
