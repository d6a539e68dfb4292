import type { Wire } from '@longwave/core';
import { type CodecName, createServerCodec } from '@longwave/protocol';
import { SharedMessage, type WebSocketPorts } from '@longwave/websocket';

/** Encoded frames as one WebSocket frame, text or binary, the same bytes for every socket; compressed once if wished. */
export function createWebSocketWire(codec: CodecName, ports: WebSocketPorts, compress: boolean): Wire {
  return {
    endToEnd: true,
    codec: createServerCodec(codec),
    pack(encoded) {
      const message = new SharedMessage(encoded, ports);
      const worthwhile = compress && message.payloadBytes >= compressFromBytes;
      return (worthwhile ? message.deflated(windowBits) : undefined) ?? message.plain();
    },
  };
}

const compressFromBytes = 256;
/** The only window that is granted, so that one compressed frame fits all. */
export const windowBits = 15;
