import { Buffer } from 'node:buffer';
import type { Wire } from '@longwave/core';
import { type CodecName, type Encoded, createServerCodec } from '@longwave/protocol';
import { OPCODE, SharedMessage, type WebSocketPorts, encodeFrame, encodeTextFrame } from '@longwave/websocket';

/** Encoded frames as one WebSocket frame, text or binary, the same bytes for every socket; compressed once if wished. */
export function createWebSocketWire(codec: CodecName, ports: WebSocketPorts, compress: boolean): Wire {
  const server = createServerCodec(codec);
  // Copies what it is given, or compresses it, at once.
  const pack = (encoded: Encoded): Uint8Array => {
    if (!compress) {
      if (typeof encoded === 'string') return encodeTextFrame(encoded, ports);
      return encodeFrame(OPCODE.binary, encoded, undefined, ports);
    }
    const message = new SharedMessage(encoded, ports);
    return (message.payloadBytes >= compressFromBytes ? message.deflated(windowBits) : undefined) ?? message.plain();
  };
  return {
    join: joinBytes,
    codec: server,
    pack,
    packFrame: (frame) => pack(server.encodeBriefly?.(frame) ?? server.encode(frame)),
  };
}

function joinBytes(first: Uint8Array, second: Uint8Array): Uint8Array {
  // From the pool: memory of its own costs more than the copy.
  const both = Buffer.allocUnsafe(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

const compressFromBytes = 256;
/** The only window that is granted, so that one compressed frame fits all. */
export const windowBits = 15;
