import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine, Logger, Wire } from '@longwave/core';
import { subprotocols } from '@longwave/protocol';
import { type ConnectionSettings, acceptHandshake, createConnectionSettings } from '@longwave/websocket';
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

/** Takes HTTP upgrades: the engine's own endpoint, and plain ones. */
export class WebSocketHost {
  readonly #options: WebSocketHostOptions;
  readonly #ports = createNodePorts();
  readonly #settings: ConnectionSettings;
  readonly #wires: Readonly<Record<string, { readonly plain: Wire; readonly compressed: Wire }>>;
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
    const wires = (codec: 'json' | 'binary') => ({
      plain: createWebSocketWire(codec, this.#ports, false),
      compressed: createWebSocketWire(codec, this.#ports, true),
    });
    this.#wires = { [subprotocols.json]: wires('json'), [subprotocols.binary]: wires('binary') };
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
    const { engine, maxConnections, allowedOrigins } = this.#options;
    if (!engine.accepting) refuse(socket, '503 Service Unavailable', 'draining', 'Retry-After: 1\r\n');
    else if (engine.stats.connections + this.#peers.size >= maxConnections)
      refuse(socket, '503 Service Unavailable', 'full', 'Retry-After: 5\r\n');
    else if (!isOriginAllowed(request.headers, endpoint?.options.allowedOrigins ?? allowedOrigins)) {
      refuse(socket, '403 Forbidden', 'this origin may not connect');
    } else if (endpoint) this.#openPeer(endpoint, request, socket, head);
    else this.#openLink(request, socket, head);
    return true;
  }

  /** Ends the plain connections; the engine ends its own. */
  close(): void {
    for (const peer of this.#peers) peer.close(1001, 'going away');
  }

  #openLink(request: IncomingMessage, socket: Socket, head: Uint8Array): void {
    const { engine, compress } = this.#options;
    const wish = { serverMaxWindowBits: windowBits };
    const handshake = acceptHandshake(request, this.#ports, {
      protocols: [subprotocols.binary, subprotocols.json],
      deflate: compress && wish,
    });
    if (!handshake.accepted) return answer(socket, handshake.response);
    const wires = handshake.protocol === undefined ? undefined : this.#wires[handshake.protocol];
    if (!wires) {
      const { json, binary } = subprotocols;
      return refuse(socket, '400 Bad Request', `Sec-WebSocket-Protocol must offer ${json} or ${binary}`);
    }
    prepare(socket);
    socket.write(handshake.head, 'latin1');
    // A peer with a smaller window could not read a frame compressed for all.
    const compressed = handshake.deflate?.serverMaxWindowBits === windowBits;
    const wire = compressed ? wires.compressed : wires.plain;
    const link = new WebSocketLink(socket, wire, this.#settings, handshake.deflate);
    const { headers } = request;
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
function pathOf(request: IncomingMessage): string {
  const { url = '/' } = request;
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
