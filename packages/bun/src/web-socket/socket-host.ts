import type { IncomingMessage } from 'node:http';
import type { ConnectionInfo, Engine, Logger, Wire } from '@longwave/core';
import {
  type Capacity,
  Endpoints,
  type Endpoint,
  type Gate,
  type Visitor,
  codecProtocols,
  firstProtocols,
  forgetVisitor,
  readFirst,
  refusalReasons,
} from '@longwave/node/hosts';
import type { WebSocketEndpointOptions, WebSocketHandler } from '@longwave/node';
import { type CodecName, firstSuffix, subprotocols } from '@longwave/protocol';
import type { BunServer, BunSocket, SocketHandlers, SocketOwner } from '../host/bun.js';
import { BunLink, type BunLinkOptions } from './bun-link.js';
import { BunPeer } from './bun-peer.js';
import { createBunWire } from './bun-wire.js';

export interface SocketHostOptions {
  readonly engine: Engine;
  readonly path: string;
  readonly gate: Gate;
  readonly compress: boolean;
  readonly capacity: Capacity;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
  readonly logger: Logger;
}

/** A request that asks for a WebSocket. */
export interface SocketRequest extends Visitor {
  readonly path: string;
  readonly request: Request;
  readonly server: BunServer;
  /** The request as those take it who serve a plain endpoint. */
  readonly asMessage: () => IncomingMessage;
}

/** A peer is told that its message is beyond the limit (LIM-1) up to so many times as much. Then Bun closes with 1009. */
const politeTimes = 2;
const plainMessageBytes = 16 * 1024 * 1024;
const plainBufferedBytes = 64 * 1024 * 1024;

/** Opens WebSockets: the engine's own, and plain ones. */
export class SocketHost {
  readonly #options: SocketHostOptions;
  readonly #linkOptions: BunLinkOptions;
  readonly #wires: Readonly<Record<CodecName, Wire>> = { json: createBunWire('json'), binary: createBunWire('binary') };
  readonly #endpoints: Endpoints;
  readonly #peers = new Set<BunPeer>();
  #maxMessageBytes: number;
  #compress: boolean;
  readonly #watchers = new Set<() => void>();

  constructor(options: SocketHostOptions) {
    const { engine, path, compress, proxies } = options;
    this.#options = options;
    this.#linkOptions = { engine, compress, proxies };
    this.#endpoints = new Endpoints(path);
    this.#maxMessageBytes = politeTimes * engine.limits.messageBytes;
    this.#compress = compress;
  }

  /** Throws as {@link Endpoints.add} does, and `RangeError` for `trace`: Bun does not show the bytes of its WebSockets. */
  add(path: string, handler: WebSocketHandler, options: WebSocketEndpointOptions, isTree = false): void {
    const { maxMessageBytes = plainMessageBytes, compress = false } = options;
    if (options.trace) throw new RangeError('trace: Bun does not show the bytes of its WebSockets.');
    this.#endpoints.add(path, handler, options, isTree);
    this.#maxMessageBytes = Math.max(this.#maxMessageBytes, maxMessageBytes);
    this.#compress ||= compress;
    for (const changed of this.#watchers) changed();
  }

  /** Tells of other `handlers`. Returns how to undo it. */
  onChange(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  /** Whether there is an endpoint at the path. */
  has(path: string): boolean {
    return this.#endpoints.has(path);
  }

  /** The events of all sockets. Their limits hold for all endpoints; one that wants less sees to that itself. */
  get handlers(): SocketHandlers {
    return {
      maxPayloadLength: this.#maxMessageBytes,
      backpressureLimit: 2 * plainBufferedBytes,
      // The engine has heartbeats of its own (HB-2).
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: this.#compress,
      open: (socket) => socket.data.opened(socket),
      message: (socket, message) => socket.data.received(message),
      drain: (socket) => {
        if (socket.getBufferedAmount() === 0) socket.data.drained();
      },
      pong: (socket, payload) => socket.data.ponged(payload),
      close: (socket: BunSocket, code, reason) => socket.data.closed(code, reason),
    };
  }

  /** Opens a WebSocket. A response: it was refused. */
  open(asked: SocketRequest): Response | undefined {
    const { engine, capacity, gate } = this.#options;
    const endpoint = this.#endpoints.find(asked.path);
    const refusal = gate.refusal(asked, endpoint?.rule);
    if (!engine.accepting) return refuse(503, 'draining', { 'Retry-After': '1' });
    if (capacity.isFull) return refuse(503, 'full', { 'Retry-After': '5' });
    if (refusal) return refuse(403, refusalReasons[refusal]);
    if (asked.request.method !== 'GET') return refuse(405, 'A handshake is a GET', { Allow: 'GET' });
    if (asked.headers['sec-websocket-version'] !== '13') {
      return refuse(426, 'Sec-WebSocket-Version must be 13', { 'Sec-WebSocket-Version': '13' });
    }
    if (gate.isStranger(asked, endpoint?.rule)) forgetVisitor(asked);
    return endpoint ? this.#openPeer(endpoint, asked) : this.#openLink(asked);
  }

  /** Ends the plain connections; the engine ends its own. */
  close(): void {
    for (const peer of this.#peers) peer.close(1001, 'going away');
  }

  #openLink(asked: SocketRequest): Response | undefined {
    const first = readFirst(asked.headers['sec-websocket-protocol']);
    const protocol = agreedProtocol(asked.headers, first === undefined ? codecProtocols : firstProtocols);
    if (protocol === undefined) {
      return refuse(400, `Sec-WebSocket-Protocol must offer ${codecProtocols.join(' or ')}`);
    }
    const wire = protocol.startsWith(subprotocols.json) ? this.#wires.json : this.#wires.binary;
    const early = protocol.endsWith(firstSuffix) ? first : undefined;
    return upgrade(asked, new BunLink(wire, this.#linkOptions, asked.headers, early), protocol);
  }

  #openPeer({ handler, options }: Endpoint, asked: SocketRequest): Response | undefined {
    const { maxMessageBytes = plainMessageBytes, maxBufferedBytes = plainBufferedBytes, compress = false } = options;
    const { capacity, logger } = this.#options;
    const protocol = agreedProtocol(asked.headers, options.protocols ?? []);
    const request = asked.asMessage();
    const peer = new BunPeer({
      protocol,
      maxMessageBytes,
      maxBufferedBytes,
      compress,
      serve: (opened) => {
        capacity.others++;
        this.#peers.add(opened);
        handler(opened, request);
      },
      failed: (error) => logger.error(`The handler of ${asked.path} failed.`, error),
      ended: (closed) => {
        if (this.#peers.delete(closed)) capacity.others--;
      },
    });
    return upgrade(asked, peer, protocol);
  }
}

function agreedProtocol(headers: ConnectionInfo['headers'], spoken: readonly string[]): string | undefined {
  const offered = headers['sec-websocket-protocol'];
  if (typeof offered !== 'string') return undefined;
  const names = offered.split(',').map((name) => name.trim());
  return spoken.find((name) => names.includes(name));
}

function upgrade(
  { request, server }: SocketRequest,
  data: SocketOwner,
  protocol: string | undefined,
): Response | undefined {
  const headers = protocol !== undefined && { headers: { 'Sec-WebSocket-Protocol': protocol } };
  if (server.upgrade(request, { data, ...headers })) return undefined;
  return refuse(400, 'This is no request for a WebSocket');
}

/** `reason` is for people. */
function refuse(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Response {
  const type = 'text/plain; charset=utf-8';
  return new Response(`${reason}\n`, { status, headers: { Connection: 'close', 'Content-Type': type, ...headers } });
}
