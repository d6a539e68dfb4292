import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine, Logger, Wire } from '@longwave/core';
import { type CodecName, subprotocols } from '@longwave/protocol';
import {
  type ConnectionSettings,
  type HandshakeAccepted,
  type HandshakeRefused,
  type HandshakeRequest,
  type RequestHead,
  acceptHandshake,
  createConnectionSettings,
} from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import { type AllowedOrigins, isOriginAllowed } from './origin.js';
import { endSoon } from './plug.js';
import { WebSocketLink } from './web-socket-link.js';
import { WebSocketPeer, type WireEvent } from './web-socket-peer.js';
import { createWebSocketWire, windowBits } from './web-socket-wire.js';

export interface WebSocketEndpointOptions {
  /** Subprotocols spoken, the preferred one first. */
  readonly protocols?: readonly string[];
  /** Bytes of one message. Default 16 MiB. */
  readonly maxMessageBytes?: number;
  /** Bytes waiting to be sent beyond which a peer that does not read is given up. Default 64 MiB. */
  readonly maxBufferedBytes?: number;
  /** permessage-deflate (RFC 7692). Default false. */
  readonly compress?: boolean;
  /** Default: that of the server. */
  readonly allowedOrigins?: AllowedOrigins;
  /** Watches what passes on the wire, the handshake's response first. Returns undefined for connections of no interest. */
  readonly trace?: (request: IncomingMessage) => ((event: WireEvent) => void) | undefined;
}

export type WebSocketHandler = (socket: WebSocketPeer, request: IncomingMessage) => void;

interface Endpoint {
  readonly handler: WebSocketHandler;
  readonly options: WebSocketEndpointOptions;
  readonly settings: ConnectionSettings;
}

export interface WebSocketHostOptions {
  readonly engine: Engine;
  readonly path: string;
  readonly allowedOrigins: AllowedOrigins | undefined;
  readonly compress: boolean;
  /** Connections at a time, over all endpoints. */
  readonly maxConnections: number;
  readonly logger: Logger;
}

/** What the engine's endpoint speaks, the preferred one first. */
const codecProtocols = [subprotocols.binary, subprotocols.json];

/** Takes HTTP upgrades: the engine's own endpoint, and plain ones. */
export class WebSocketHost {
  readonly #options: WebSocketHostOptions;
  readonly #ports = createNodePorts();
  readonly #settings: ConnectionSettings;
  readonly #wires: Readonly<Record<CodecName, { readonly plain: Wire; readonly compressed: Wire }>>;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #peers = new Set<WebSocketPeer>();

  constructor(options: WebSocketHostOptions) {
    this.#options = options;
    const { messageBytes } = options.engine.limits;
    this.#settings = createConnectionSettings({
      role: 'server',
      ports: this.#ports,
      maxMessageBytes: messageBytes,
      binary: 'view',
    });
    const wires = (codec: CodecName) => ({
      plain: createWebSocketWire(codec, this.#ports, false),
      compressed: createWebSocketWire(codec, this.#ports, true),
    });
    this.#wires = { json: wires('json'), binary: wires('binary') };
  }

  /** Throws `RangeError` when the path is taken or does not begin with `/`. */
  add(path: string, handler: WebSocketHandler, options: WebSocketEndpointOptions): void {
    if (!path.startsWith('/')) throw new RangeError(`A path begins with '/': '${path}' does not.`);
    if (path === this.#options.path || this.#endpoints.has(path)) throw new RangeError(`The path '${path}' is taken.`);
    const { maxMessageBytes } = options;
    const limits = maxMessageBytes === undefined ? {} : { maxMessageBytes };
    const settings = createConnectionSettings({ role: 'server', ports: this.#ports, ...limits });
    this.#endpoints.set(path, { handler, options, settings });
  }

  /** Answers an upgrade request. False: its path is none of ours, and nothing was done. */
  handle(request: IncomingMessage, duplex: Duplex, head: Uint8Array): boolean {
    const path = pathOf(request);
    const endpoint = this.#endpoints.get(path);
    if (!endpoint && path !== this.#options.path) return false;
    const socket = duplex as Socket;
    // Until the protocol takes over, a broken connection must not bring the process down.
    socket.on('error', destroy);
    if (!this.#options.engine.accepting) {
      refuse(socket, '503 Service Unavailable', 'draining', 'Retry-After: 1\r\n');
    } else if (this.#isFull) refuse(socket, '503 Service Unavailable', 'full', 'Retry-After: 5\r\n');
    else if (!this.#isOriginAllowed(request.headers, endpoint)) {
      refuse(socket, '403 Forbidden', 'this origin may not connect');
    } else if (endpoint) this.#openPeer(endpoint, request, socket, head);
    else this.#answerHandshake(request, socket, head);
    return true;
  }

  /**
   * Opens a connection to the engine for a request of which no more is known than its head. False: there is something to
   * refuse, or the path is another, and nothing was done.
   */
  accept(request: RequestHead, socket: Socket, rest: Uint8Array): boolean {
    const { engine, path } = this.#options;
    if (pathOf(request) !== path || !engine.accepting || this.#isFull) return false;
    if (!this.#isOriginAllowed(request.headers, undefined)) return false;
    const handshake = this.#acceptHandshake(request);
    if (!handshake.accepted || handshake.protocol === undefined) return false;
    this.#openLink(handshake, request.headers, socket, rest);
    return true;
  }

  /** Ends the plain connections; the engine ends its own. */
  close(): void {
    for (const peer of this.#peers) peer.close(1001, 'going away');
  }

  get #isFull(): boolean {
    const { engine, maxConnections } = this.#options;
    return engine.stats.connections + this.#peers.size >= maxConnections;
  }

  #isOriginAllowed(headers: IncomingHttpHeaders, endpoint: Endpoint | undefined): boolean {
    return isOriginAllowed(headers, endpoint?.options.allowedOrigins ?? this.#options.allowedOrigins);
  }

  #acceptHandshake(request: HandshakeRequest): HandshakeAccepted | HandshakeRefused {
    return acceptHandshake(request, this.#ports, {
      protocols: codecProtocols,
      deflate: this.#options.compress && { serverMaxWindowBits: windowBits },
    });
  }

  #answerHandshake(request: IncomingMessage, socket: Socket, head: Uint8Array): void {
    const handshake = this.#acceptHandshake(request);
    if (!handshake.accepted) answer(socket, handshake.response);
    else if (handshake.protocol !== undefined) this.#openLink(handshake, request.headers, socket, head);
    else refuse(socket, '400 Bad Request', `Sec-WebSocket-Protocol must offer ${codecProtocols.join(' or ')}`);
  }

  #openLink(handshake: HandshakeAccepted, headers: IncomingHttpHeaders, socket: Socket, head: Uint8Array): void {
    const { engine } = this.#options;
    const { protocol, deflate } = handshake;
    const wires = protocol === subprotocols.json ? this.#wires.json : this.#wires.binary;
    prepare(socket);
    socket.write(handshake.head, 'latin1');
    // A peer with a smaller window could not read a frame compressed for all.
    const wire = deflate?.serverMaxWindowBits === windowBits ? wires.compressed : wires.plain;
    const link = new WebSocketLink(socket, wire, this.#settings, deflate);
    const { remoteAddress } = socket;
    link.start(engine.accept(link, { transport: 'websocket', remoteAddress, headers }), head);
  }

  #openPeer(
    { handler, options, settings }: Endpoint,
    request: IncomingMessage,
    socket: Socket,
    head: Uint8Array,
  ): void {
    const { protocols, compress = false, maxBufferedBytes = 64 * 1024 * 1024 } = options;
    const handshake = acceptHandshake(request, this.#ports, {
      ...(protocols && { protocols }),
      deflate: compress && {},
    });
    if (!handshake.accepted) return answer(socket, handshake.response);
    prepare(socket);
    const trace = options.trace?.(request);
    trace?.({ direction: 'out', bytes: new TextEncoder().encode(handshake.head) });
    socket.write(handshake.head, 'latin1');
    const { protocol, deflate } = handshake;
    const failed = (error: unknown): void =>
      this.#options.logger.error(`The handler of ${pathOf(request)} failed.`, error);
    const peer = new WebSocketPeer(socket, settings, deflate, { protocol, maxBufferedBytes, trace, failed });
    this.#peers.add(peer);
    socket.once('close', () => this.#peers.delete(peer));
    try {
      handler(peer, request);
    } catch (error) {
      failed(error);
      peer.close(1011, 'internal error');
    }
    // Behind the handler: a flowing socket hands over at once what is put back.
    if (head.length > 0) socket.unshift(head);
  }
}

/** The path of a request, without its query. */
function pathOf({ url = '/' }: { readonly url?: string | undefined }): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function prepare(socket: Socket): void {
  socket.off('error', destroy);
  socket.setNoDelay(true);
  socket.setTimeout(0);
}

function destroy(this: Socket): void {
  this.destroy();
}

function refuse(socket: Socket, status: string, reason: string, headers = ''): void {
  const type = 'Content-Type: text/plain; charset=utf-8\r\n';
  const length = `Content-Length: ${reason.length + 1}\r\n`;
  answer(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\n${type}${length}${headers}\r\n${reason}\n`);
}

function answer(socket: Socket, response: string): void {
  socket.end(response);
  // What else the peer sends is thrown away, so that the end of the socket is seen.
  socket.resume();
  endSoon(socket);
}
