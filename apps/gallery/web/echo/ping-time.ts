import type { TracedFrame } from './echo.js';

const ping = '9';
const pong = 'a';

/** From the server's last answered ping to its pong, on the server's clock; undefined before the first. */
export function lastPingMs(frames: readonly TracedFrame[]): number | undefined {
  let pongAt: number | undefined;
  for (const frame of frames.toReversed()) {
    // The second hex digit of a frame is its opcode (RFC 6455 §5.2).
    const opcode = frame.hex[1];
    if (frame.direction === 'in' && opcode === pong) pongAt = frame.atMs;
    if (frame.direction === 'out' && opcode === ping && pongAt !== undefined) return pongAt - frame.atMs;
  }
  return undefined;
}
