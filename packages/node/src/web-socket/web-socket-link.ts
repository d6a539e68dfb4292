import type { Duplex } from 'node:stream';
import type { Session, Sink, Wire } from '@longwave/core';
import {
  type ConnectionHandler,
  type ConnectionSettings,
  type ConnectionTransport,
  type DeflateAgreement,
  WebSocketConnection,
} from '@longwave/websocket';
import { endSoon, plug } from '../http/plug.js';

/**
 * A session over a WebSocket. One object is all that an idle connection needs besides its socket: it is the session's sink,
 * the protocol's transport and its handler.
 */
export class WebSocketLink implements Sink, ConnectionTransport, ConnectionHandler {
  readonly wire: Wire;
  readonly messageTimeoutMs: number;
  readonly #socket: Duplex;
  readonly #connection: WebSocketConnection;
  #session: Session | undefined;

  constructor(
    socket: Duplex,
    { wire, messageTimeoutMs }: { readonly wire: Wire; readonly messageTimeoutMs: number },
    settings: ConnectionSettings,
    deflate: DeflateAgreement | undefined,
  ) {
    this.#socket = socket;
    this.wire = wire;
    this.messageTimeoutMs = messageTimeoutMs;
    this.#connection = new WebSocketConnection(settings, this, this, deflate);
  }

  /** Starts reading. `head`: what came with the handshake. */
  start(session: Session, head: Uint8Array): void {
    this.#session = session;
    plug(this.#socket, this.#connection, this);
    if (head.length > 0) this.#socket.unshift(head);
  }

  // Hot path: one call for each socket and flush. A chunk is a complete frame, encoded for the whole lane.
  write(chunk: Uint8Array): boolean {
    return this.#socket.write(chunk);
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason);
    // The peer may be gone, or not reading: it does not decide how long the socket lives.
    endSoon(this.#socket);
  }

  end(): void {
    this.#socket.end();
    endSoon(this.#socket);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  onDrain(): void {
    this.#session?.drained();
  }

  onMessage(data: string | Uint8Array): void {
    this.#session?.receive(data);
  }

  /** LIM-1: a code that a client knows, and a frame that says what was wrong. */
  onTooBig(): void {
    this.#session?.end('too-large');
  }

  onClose(): void {
    this.#session?.closed();
  }
}
