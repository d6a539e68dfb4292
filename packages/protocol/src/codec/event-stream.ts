import type { CodecName, Encoded } from './codec.js';
import { createUtf8Stream, utf8Encode } from '../values/utf8.js';

/** Most bytes, or UTF-16 units, of one message. It bounds the memory of a reader while a message is incomplete. */
const maxMessageLength = 16 * 1024 * 1024;

/**
 * A message in the body of an HTTP response (HTTP-2): as an event of `text/event-stream` with a `data` line for
 * each frame, or as its length in four bytes, the highest first, and the bytes of the binary codec.
 */
export function packEvent(message: Encoded): Uint8Array {
  if (typeof message === 'string') return utf8Encode(eventText(message));
  const packed = new Uint8Array(4 + message.length);
  new DataView(packed.buffer).setUint32(0, message.length);
  packed.set(message, 4);
  return packed;
}

/** A message as an event of `text/event-stream`, as text. */
export function eventText(message: string): string {
  return `data: ${message.replaceAll('\n', '\ndata: ')}\n\n`;
}

/**
 * Finds the messages in a body that comes in pieces, however it is cut: give it each piece, and it returns those that
 * are complete with it. It throws `RangeError` on a message that is too large, and `TypeError` on text that is not
 * UTF-8.
 */
export type EventReader = (piece: Uint8Array) => Encoded[];

export function createEventReader(codec: CodecName): EventReader {
  return codec === 'json' ? createTextReader() : createBinaryReader();
}

function createTextReader(): EventReader {
  const decode = createUtf8Stream();
  let rest = '';
  return (piece) => {
    const events = (rest + decode(piece)).split('\n\n');
    rest = events.pop()!;
    bound(rest.length);
    // Anything but data is a comment, which keeps a proxy from closing the stream.
    return events
      .filter((event) => event.startsWith('data: '))
      .map((event) => event.slice(6).replaceAll('\ndata: ', '\n'));
  };
}

function createBinaryReader(): EventReader {
  let rest = new Uint8Array();
  return (piece) => {
    const messages: Encoded[] = [];
    const bytes = new Uint8Array(rest.length + piece.length);
    bytes.set(rest);
    bytes.set(piece, rest.length);
    let start = 0;
    while (bytes.length - start >= 4) {
      const length = new DataView(bytes.buffer).getUint32(start);
      bound(length);
      const end = start + 4 + length;
      if (end > bytes.length) break;
      messages.push(bytes.slice(start + 4, end));
      start = end;
    }
    rest = bytes.slice(start);
    return messages;
  };
}

function bound(length: number): void {
  if (length > maxMessageLength) throw new RangeError('too-large');
}
