import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CompressionPort } from '../ports.js';

/** The result of a call with `info: true`, which @types/node does not know. */
interface WithEngine {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** Raw DEFLATE by node:zlib, synchronously. `level` is zlib's, 1–9. */
export function createZlibPort(level: number): CompressionPort {
  return {
    deflate(data, { dictionary, windowBits }) {
      const finishFlush = constants.Z_SYNC_FLUSH;
      return deflateRawSync(data, { level, windowBits, finishFlush, ...(dictionary && { dictionary }) });
    },
    inflate(data, { dictionary, windowBits, maxOutputBytes }) {
      try {
        const { buffer, engine } = inflateRawSync(data, {
          windowBits,
          maxOutputLength: Math.max(1, maxOutputBytes), // zlib refuses 0
          info: true,
          ...(dictionary && { dictionary }),
        }) as unknown as WithEngine;
        if (buffer.length > maxOutputBytes) return 'too-large';
        return { output: trimmed(buffer), consumed: engine.bytesWritten };
      } catch (error) {
        const isBound = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
        return isBound ? 'too-large' : 'malformed';
      }
    },
  };
}

/** zlib's output is a slice of a 16 KiB chunk, which a short message that is kept must not keep alive. */
function trimmed(output: Uint8Array): Uint8Array {
  if (output.length * 2 > output.buffer.byteLength) return output;
  return Uint8Array.from(output);
}
