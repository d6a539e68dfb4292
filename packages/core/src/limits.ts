import { wireLimits } from '@longwave/protocol';

/** Bounds of one node (LIM-1). */
export interface Limits {
  /** Bytes of one inbound message, and of one payload. Default 64 KiB. */
  readonly messageBytes: number;
  /** Frames a connection may send a second, on average; beyond it, it is read from more slowly. Default 1,000. */
  readonly framesPerSecond: number;
  /** Subscriptions of one connection. Default 256. */
  readonly subscriptions: number;
  /** Milliseconds until the first frame must have come (SES-1). Default 10,000. */
  readonly connectTimeoutMs: number;
  /** Most bytes of operations put in one write; what one slow socket can hold in this process. Default 32 KiB. */
  readonly chunkBytes: number;
  /** Bytes of recent operations kept at hand for each watched channel. Default 256 KiB. */
  readonly tailBytes: number;
  /** Unreadable frames after which a connection is closed (WIRE-6). Default 10. */
  readonly badFrames: number;
}

export const defaultLimits: Limits = {
  messageBytes: wireLimits.messageBytes,
  framesPerSecond: 1000,
  subscriptions: 256,
  connectTimeoutMs: 10_000,
  chunkBytes: 32 * 1024,
  tailBytes: 256 * 1024,
  badFrames: 10,
};
