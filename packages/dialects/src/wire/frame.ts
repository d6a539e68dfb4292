import { OPCODE, frameHeaderLength, writeFrameHeader } from '@longwave/websocket';
import { concat } from '../updates/byte-writer.js';

/** A binary WebSocket frame of a server, in parts that go out one after another. They are shared, and never changed. */
export type Frame = readonly Uint8Array[];

/** Larger bodies are not copied: all sockets are sent the very bytes that the document holds. */
const copiedBytes = 4096;

/** A frame of a small head and any body. */
export function encodeBinaryFrame(head: Uint8Array, body: Uint8Array = new Uint8Array()): Frame {
  const length = head.length + body.length;
  const headerLength = frameHeaderLength(length);
  const front = new Uint8Array(headerLength + head.length);
  writeFrameHeader(front, 0, OPCODE.binary, length);
  front.set(head, headerLength);
  if (body.length === 0) return [front];
  return body.length <= copiedBytes ? [concat([front, body])] : [front, body];
}

/** The same bytes in fewer parts: those that are small are put together, as letters of which each came by itself. */
export function joinSmall(parts: Frame): Frame {
  const joined: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const join = (): void => {
    if (small.length > 0) joined.push(small.length === 1 ? small[0]! : concat(small));
    small = [];
  };
  for (const part of parts) {
    if (part.length <= copiedBytes) small.push(part);
    else {
      join();
      joined.push(part);
    }
  }
  join();
  return joined;
}

/** The frames of one dialect for one document, under the name by which a client calls it. */
export interface Form {
  /** The same for sockets whose frames are the same. */
  readonly key: string;
  /** Asks for what the reader of the state vector lacks. */
  step1(vector: Uint8Array): Frame;
  /** Answers that. */
  step2(update: Uint8Array): Frame;
  update(update: Uint8Array): Frame;
  awareness(update: Uint8Array): Frame;
}
