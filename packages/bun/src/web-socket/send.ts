import type { Chunk } from '@longwave/core';
import type { BunSocket } from '../host/bun.js';

/** Smaller messages gain nothing by being compressed. */
const compressFromUnits = 256;

/**
 * Sends a message. False: it waits, whole or in part, and no more should be sent until the socket is drained. A message
 * that Bun had to drop ends the connection, for the peer would miss it.
 */
export function send(socket: BunSocket, message: Chunk, compress: boolean): boolean {
  const worth = compress && message.length >= compressFromUnits;
  const sent = typeof message === 'string' ? socket.sendText(message, worth) : socket.sendBinary(message, worth);
  if (sent > 0) return true;
  if (sent === 0 && message.length > 0 && socket.readyState === open) socket.terminate();
  return sent === 0;
}

const open = 1;

/** Milliseconds that a peer gets to answer a Close frame. */
const closeTimeoutMs = 5000;

/** Begins the closing handshake, and ends the connection where the peer does not answer. */
export function close(socket: BunSocket, code: number | undefined, reason: string | undefined): void {
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
}
