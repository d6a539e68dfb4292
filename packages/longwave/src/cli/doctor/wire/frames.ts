import { randomUUID } from 'node:crypto';
import { type ClientFrame, type ReceivedFrame, createClientCodec, protocolVersion } from '@longwave/protocol';
import type { Target } from './target.js';

const codec = createClientCodec('json');

/** A client that has never been here. */
export function newClient(): string {
  return `doctor-${randomUUID()}`;
}

/** A message that begins with `connect`: the body of a request, or what is said first over a WebSocket (SES-1). */
export function opening({ token }: Target, client: string, ...more: readonly ClientFrame[]): string {
  const connect: ClientFrame = {
    type: 'connect',
    version: protocolVersion,
    client,
    ...(token !== undefined && { token }),
  };
  return String(codec.join([connect, ...more].map((frame) => codec.encode(frame))));
}

export function readFrames(message: string): ReceivedFrame[] {
  return codec.decode(message).filter((frame) => frame.type !== 'bad');
}

export function encodeFrame(frame: ClientFrame): string {
  return String(codec.encode(frame));
}

/** Which node let us in, or why none did. Undefined: what came is no answer of Longwave to `connect`. */
export function admission(
  frames: readonly ReceivedFrame[],
): { readonly node: string } | { readonly refused: string } | undefined {
  for (const frame of frames) {
    if (frame.type === 'connected') return { node: frame.node };
    if (frame.type === 'error' && frame.id === undefined) return { refused: `${frame.code}: ${frame.message}` };
  }
  return undefined;
}
