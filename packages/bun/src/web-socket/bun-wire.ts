import type { Wire } from '@longwave/core';
import { type CodecName, createServerCodec } from '@longwave/protocol';

/** Encoded frames as messages, text or binary: Bun writes the header of the WebSocket frame itself. */
export function createBunWire(name: CodecName): Wire {
  const codec = createServerCodec(name);
  return { codec, pack: (message) => message, join: (first, second) => codec.join([first, second]) };
}
