import type { Socket } from 'node:net';
import {
  type ConnectionHandler,
  type ConnectionSettings,
  type ConnectionTransport,
  type DeflateAgreement,
  WebSocketConnection,
} from '../index.js';

export interface OpenConnectionOptions {
  /** The compression that the handshake agreed on. */
  readonly deflate?: DeflateAgreement | undefined;
  /** Bytes that came with the handshake: `head` of Node's upgrade event, `rest` of a client's handshake. */
  readonly head?: Uint8Array;
  /** How long a peer may take to end a connection that is closed; default 5 s, then the socket is destroyed. */
  readonly lingerMs?: number;
}

/**
 * The thinnest shell: a connection over a socket whose handshake is done. It enforces no time limit but `lingerMs`, sends no
 * heartbeat and bounds no backlog; a host that serves strangers does (see `unfinishedSince`).
 */
export function openConnection(
  socket: Socket,
  settings: ConnectionSettings,
  handler: ConnectionHandler,
  options: OpenConnectionOptions = {},
): WebSocketConnection {
  const linger = (): void => {
    const timer = setTimeout(() => socket.destroy(), options.lingerMs ?? 5000).unref();
    socket.once('close', () => clearTimeout(timer));
  };
  const transport: ConnectionTransport = {
    write: (bytes) => socket.write(bytes),
    end: () => void socket.end(),
  };
  const connection = new WebSocketConnection(settings, transport, handler, options.deflate);
  const receive = (chunk: Uint8Array): void => {
    const before = connection.state;
    connection.receive(chunk, performance.now());
    if (before !== 'closed' && connection.state === 'closed') linger();
  };
  // The caller gets the connection before its first event: a paused socket resumes in the next tick.
  socket.pause();
  if (options.head !== undefined && options.head.length > 0) socket.unshift(options.head);
  socket.setNoDelay(true);
  socket.setTimeout(0);
  socket.on('data', receive);
  socket.on('drain', () => connection.drained());
  socket.on('error', () => socket.destroy()); // 'close' follows
  socket.on('close', () => connection.transportEnded());
  socket.on('end', () => {
    connection.transportEnded();
    socket.end();
    linger();
  });
  socket.resume();
  return connection;
}
