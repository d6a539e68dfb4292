import { traceFrameBytes } from '../shared/trace-limits.js';

/**
 * Finds the frames in one direction of a WebSocket's bytes, however they are cut into chunks (RFC 6455 §5.2), and hands
 * over the first bytes and the whole length of each. Holds no more than it shows.
 */
export function createFrameSplitter(
  onFrame: (start: Uint8Array, byteLength: number) => void,
): (chunk: Uint8Array) => void {
  const start = new Uint8Array(traceFrameBytes);
  let seen = 0;
  /** Bytes of the whole frame; undefined until its header is complete. */
  let total: number | undefined;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (total === undefined) {
        // Byte by byte, because what follows the header may belong to the next frame: an empty one has no payload.
        start[seen++] = chunk[at++]!;
        total = frameLength(start, seen);
      } else {
        const count = Math.min(total - seen, chunk.length - at);
        if (seen < start.length) start.set(chunk.subarray(at, at + Math.min(count, start.length - seen)), seen);
        seen += count;
        at += count;
      }
      if (total === undefined || seen < total) continue;
      onFrame(start.subarray(0, Math.min(total, start.length)), total);
      seen = 0;
      total = undefined;
    }
  };
}

/** Header and payload together, or undefined while the header is incomplete. */
function frameLength(bytes: Uint8Array, seen: number): number | undefined {
  if (seen < 2) return undefined;
  const second = bytes[1]!;
  const short = second & 0x7f;
  const lengthEnd = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
  const headerEnd = lengthEnd + (second & 0x80 ? 4 : 0);
  if (seen < headerEnd) return undefined;
  const payload = short < 126 ? short : bytes.subarray(2, lengthEnd).reduce((sum, byte) => sum * 256 + byte, 0);
  return headerEnd + payload;
}
