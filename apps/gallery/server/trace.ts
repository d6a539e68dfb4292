import { type TraceEvent, traceFrameBytes } from '../shared/trace-event.js';

const framesPerSecond = 40;
const headBytes = 8 * 1024;
const secretHeaders = /^(cookie|set-cookie|authorization|proxy-authorization)(\s*:).*$/gim;

/** Reports what passes on one WebSocket connection, never faster or longer than a page can show. */
export interface Trace {
  head(kind: 'request' | 'response', bytes: Uint8Array): void;
  frame(direction: 'in' | 'out', bytes: Uint8Array): void;
}

export function createTrace(report: (event: TraceEvent) => void, now: () => number): Trace {
  const startedAt = now();
  let windowStart = startedAt;
  let framesInWindow = 0;
  let skipped = 0;

  return {
    head: (kind, bytes) => report({ kind, head: readHead(bytes) }),
    frame: (direction, bytes) => {
      const time = now();
      if (time - windowStart >= 1000) {
        windowStart = time;
        framesInWindow = 0;
      }
      if (++framesInWindow > framesPerSecond) {
        skipped++;
        return;
      }
      if (skipped > 0) report({ kind: 'skipped', frames: skipped });
      skipped = 0;
      const hex = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, traceFrameBytes)).toString('hex');
      report({ kind: 'frame', direction, byteLength: bytes.length, hex, atMs: Math.max(0, time - startedAt) });
    },
  };
}

/** The head up to its empty line, as Latin-1 (RFC 9110 §5.5), without the values of headers that carry secrets. */
function readHead(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  return text.split('\r\n\r\n', 1)[0]!.replace(secretHeaders, '$1$2 (hidden)');
}
