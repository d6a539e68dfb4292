import { Buffer, isUtf8 } from 'node:buffer';
import { hash, randomFillSync } from 'node:crypto';
import type { WebSocketPorts } from '../ports.js';
import { createZlibPort } from './zlib-port.js';

export interface NodePortsOptions {
  /** zlib's level for outgoing messages, 1–9; default 1, which costs least and gains most of it on small JSON. */
  readonly compressionLevel?: number;
}

/** Random bytes are drawn in bulk: a client needs 4 for each frame, and a call into the kernel costs about 1 µs. */
const RANDOM_POOL_BYTES = 8192;

/** The ports of `@longwave/websocket` on Node. One object serves any number of connections. */
export function createNodePorts(options?: NodePortsOptions): WebSocketPorts {
  let pool = Buffer.alloc(0);
  let drawn = 0;
  return {
    utf8Length: (text) => Buffer.byteLength(text),
    writeUtf8: (text, target, offset) => void asBuffer(target).write(text, offset),
    // Buffer's decoder keeps a byte order mark, as RFC 6455 wants it; TextDecoder would strip it.
    decodeUtf8: (bytes, start, end) => asBuffer(bytes).toString('utf8', start, end),
    isUtf8: (bytes) => isUtf8(bytes),
    allocate: (byteLength) => Buffer.allocUnsafe(byteLength),
    sha1Base64: (text) => hash('sha1', text, 'base64'),
    randomBytes(byteLength) {
      if (drawn + byteLength > pool.length) {
        pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(RANDOM_POOL_BYTES, byteLength)));
        drawn = 0;
      }
      drawn += byteLength;
      return pool.subarray(drawn - byteLength, drawn);
    },
    compression: createZlibPort(options?.compressionLevel ?? 1),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
