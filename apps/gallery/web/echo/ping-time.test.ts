import { describe, expect, it } from 'vitest';
import type { TracedFrame } from './echo.js';
import { lastPingMs } from './ping-time.js';

const frame = (direction: 'in' | 'out', hex: string, atMs: number): TracedFrame => ({
  kind: 'frame',
  direction,
  hex,
  atMs,
  byteLength: hex.length / 2,
  key: atMs,
});

describe('the ping time', () => {
  it('is that of the last ping that was answered', () => {
    const frames = [frame('out', '8900', 0), frame('in', '8a8000000000', 4), frame('out', '8900', 10)];
    expect(lastPingMs(frames)).toBe(4);
    expect(lastPingMs([...frames, frame('in', '8a8000000000', 13)])).toBe(3);
  });

  it('is unknown before the first pong, and no message is taken for one', () => {
    expect(lastPingMs([frame('out', '8900', 0), frame('in', '818000000000', 4)])).toBeUndefined();
  });
});
