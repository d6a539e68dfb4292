import type { TraceEvent } from '../shared/trace-event.js';

const framesPerSecond = 40;
const maxHeadLength = 8 * 1024;
const secretHeaders = /^(cookie|set-cookie|authorization|proxy-authorization)(\s*:).*$/gim;

/** Reports what passes on one WebSocket connection, never faster or longer than a page can show. */
export interface Trace {
  head(kind: 'request' | 'response', text: string): void;
  /** `start` are the frame's first bytes, `byteLength` is that of all. */
  frame(direction: 'in' | 'out', start: Uint8Array, byteLength: number): void;
}

/** `now` gives milliseconds from anywhere. */
export function createTrace(report: (event: TraceEvent) => void, now: () => number): Trace {
  const startedAt = now();
  let windowStart = startedAt;
  let framesInWindow = 0;
  let skipped = 0;

  return {
    head: (kind, text) => report({ kind, head: readHead(text) }),
    frame: (direction, start, byteLength) => {
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
      const hex = Buffer.from(start).toString('hex');
      report({ kind: 'frame', direction, byteLength, hex, atMs: Math.max(0, time - startedAt) });
    },
  };
}

/** The head up to its empty line, without the values of headers that carry secrets. */
function readHead(text: string): string {
  return text.slice(0, maxHeadLength).split('\r\n\r\n', 1)[0]!.replace(secretHeaders, '$1$2 (hidden)');
}
