import { Buffer } from 'node:buffer';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionInfo, Session, Sink, Wire } from '@longwave/core';
import {
  type ConnectionHandler,
  type ConnectionSettings,
  type ConnectionTransport,
  type DeflateAgreement,
  WebSocketConnection,
} from '@longwave/websocket';
import type { Encoded } from '@longwave/protocol';
import { createSharedReads } from './shared-reads.js';
import { LinkInfo, noHeaders } from '../http/link-info.js';
import { type HalfMessageBounds, type PlugOwner, endSoon, plug, receiveChunk } from '../http/plug.js';

const readShared = createSharedReads(receiveChunk);

/** The same for all links of a host. */
export interface WebSocketLinkOptions {
  readonly settings: ConnectionSettings;
  readonly messageTimeoutMs: number;
  readonly halfMessages: HalfMessageBounds;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
}

export const webSocketTransport = 'websocket';
const noBytes = new Uint8Array();

/**
 * A session over a WebSocket. One object is all that an idle connection needs besides its socket: it is the session's sink,
 * the protocol's transport and its handler.
 */
export class WebSocketLink implements Sink, ConnectionTransport, ConnectionHandler, PlugOwner {
  readonly wire: Wire;
  readonly #socket: Duplex;
  readonly #options: WebSocketLinkOptions;
  readonly connection: WebSocketConnection;
  watch: NodeJS.Timeout | undefined;
  #session: Session | undefined;
  /** To the opening request, until something is written with it. */
  #response: string | undefined;

  constructor(socket: Duplex, wire: Wire, options: WebSocketLinkOptions, deflate: DeflateAgreement | undefined) {
    this.#socket = socket;
    this.wire = wire;
    this.#options = options;
    this.connection = new WebSocketConnection(options.settings, this, this, deflate);
  }

  get messageTimeoutMs(): number {
    return this.#options.messageTimeoutMs;
  }

  get halfMessages(): HalfMessageBounds {
    return this.#options.halfMessages;
  }

  /** Undefined: a header of the request told the address, or the socket stands for a stream of another. */
  get info(): ConnectionInfo | undefined {
    const socket = this.#socket;
    if (this.#options.proxies > 0 || !(socket instanceof Socket)) return undefined;
    return new LinkInfo(webSocketTransport, noHeaders, socket);
  }

  /**
   * Starts reading. `response`: to the opening request, or nothing where it was sent; `rest`: what came after the request;
   * `first`: the message that came in it (WIRE-17).
   */
  start(session: Session, response: string, rest: Uint8Array, first: Encoded | undefined): void {
    this.#session = session;
    plug(this.#socket, this);
    if (response !== '') this.#response = response;
    if (first !== undefined) {
      session.receive(first);
      // Answers that are there at once go with the response.
      session.flush();
    }
    this.respond();
    if (rest.length > 0) this.#socket.unshift(rest);
    // Its messages are views, of which a session copies what it keeps.
    readShared(this.#socket);
  }

  private respond(): void {
    if (this.#response !== undefined) this.#socket.write(this.withResponse(noBytes));
  }

  /** The response that waits, and a chunk behind it: one write, for two of them cost a connection as much as all its frames. */
  private withResponse(chunk: Uint8Array): Uint8Array {
    const response = this.#response!;
    this.#response = undefined;
    const both = Buffer.allocUnsafe(response.length + chunk.length);
    both.write(response, 'latin1');
    both.set(chunk, response.length);
    return both;
  }

  // Hot path: one call for each socket and flush. A chunk is a complete frame, encoded for the whole lane.
  write(chunk: Uint8Array): boolean {
    return this.#socket.write(this.#response === undefined ? chunk : this.withResponse(chunk));
  }

  close(code: number, reason: string): void {
    this.connection.close(code, reason);
    // The peer may be gone, or not reading: it does not decide how long the socket lives.
    endSoon(this.#socket);
  }

  end(): void {
    this.respond();
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
