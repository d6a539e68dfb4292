import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Engine, Logger, Wire } from '@longwave/core';
import { type CodecName, type Encoded, firstSuffix, subprotocols } from '@longwave/protocol';
import {
  type AcceptOptions,
  type ConnectionSettings,
  type RequestHead,
  acceptHandshake,
  createConnectionSettings,
} from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import type { Capacity } from '../http/capacity.js';
import { type Agreement, type Opening, connectOpening, upgradeOpening } from './opening.js';
import { type Gate, forgetVisitor, refusalReasons } from '../gate/gate.js';
import { codecProtocols, firstProtocols, readFirst } from './first-message.js';
import { HalfMessages } from './half-messages.js';
import { LinkInfo, type RemoteEnd } from '../http/link-info.js';
import { targetOf } from '../http/target.js';
import { WebSocketLink, type WebSocketLinkOptions, webSocketTransport } from './web-socket-link.js';
import { DuplexPeer } from './duplex-peer.js';
import { type Endpoint, Endpoints, type WebSocketEndpointOptions, type WebSocketHandler } from './endpoints.js';
import { createWebSocketWire, windowBits } from './web-socket-wire.js';

export interface WebSocketHostOptions {
  readonly engine: Engine;
  readonly path: string;
  readonly gate: Gate;
  readonly compress: boolean;
  readonly capacity: Capacity;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
  readonly logger: Logger;
}

/** The identity of the peer, and its carrier. */
interface LinkCarrier {
  readonly carrier: Duplex;
  readonly headers: IncomingHttpHeaders;
  readonly end: RemoteEnd;
  /** Bytes that came after the request already. */
  readonly rest: Uint8Array;
  /** The message that came in the request. */
  readonly first: Encoded | undefined;
}

type Agreed = Pick<Agreement, 'protocol' | 'deflate'>;

/** Whether a target in origin form leads to the path. */
function isAt(path: string, url: string): boolean {
  if (!url.startsWith(path)) return false;
  return url.length === path.length || url.charCodeAt(path.length) === questionMark;
}

const questionMark = 63;

/** Takes HTTP upgrades: the engine's own endpoint, and plain ones. */
export class WebSocketHost {
  readonly #options: WebSocketHostOptions;
  readonly #ports = createNodePorts();
  readonly #halfMessages = new HalfMessages();
  readonly #linkOptions: WebSocketLinkOptions;
  readonly #wires: Readonly<Record<CodecName, { readonly plain: Wire; readonly compressed: Wire }>>;
  readonly #endpoints: Endpoints;
  readonly #settings = new Map<Endpoint, ConnectionSettings>();
  readonly #peers = new Set<DuplexPeer>();
  readonly #acceptOptions: AcceptOptions;
  readonly #acceptFirstOptions: AcceptOptions;

  constructor(options: WebSocketHostOptions) {
    this.#options = options;
    this.#endpoints = new Endpoints(options.path);
    const { messageBytes, messageTimeoutMs } = options.engine.limits;
    const settings = createConnectionSettings({
      role: 'server',
      ports: this.#ports,
      maxMessageBytes: messageBytes,
      binary: 'view',
    });
    this.#linkOptions = { settings, messageTimeoutMs, halfMessages: this.#halfMessages, proxies: options.proxies };
    this.#acceptOptions = {
      protocols: codecProtocols,
      deflate: options.compress && { serverMaxWindowBits: windowBits },
    };
    this.#acceptFirstOptions = { ...this.#acceptOptions, protocols: firstProtocols };
    const wires = (codec: CodecName) => ({
      plain: createWebSocketWire(codec, this.#ports, false),
      compressed: createWebSocketWire(codec, this.#ports, true),
    });
    this.#wires = { json: wires('json'), binary: wires('binary') };
  }

  /** Throws as {@link Endpoints.add} does. */
  add(path: string, handler: WebSocketHandler, options: WebSocketEndpointOptions, isTree = false): void {
    const endpoint = this.#endpoints.add(path, handler, options, isTree);
    const { maxMessageBytes } = options;
    const limits = maxMessageBytes === undefined ? {} : { maxMessageBytes };
    this.#settings.set(endpoint, createConnectionSettings({ role: 'server', ports: this.#ports, ...limits }));
  }

  /** Answers an upgrade request. False: its path is none of ours, and nothing was done. */
  handle(request: IncomingMessage, duplex: Duplex, head: Uint8Array): boolean {
    return this.knows(request) && this.#answer(upgradeOpening(request, duplex, head));
  }

  /** Answers an extended CONNECT over HTTP/2 (RFC 8441), likewise. */
  connect(request: IncomingMessage, stream: ServerHttp2Stream): boolean {
    return this.#hasPath(request) && this.#answer(connectOpening(request, stream));
  }

  /** Whether the request asks for a WebSocket at a path of ours. */
  knows(request: IncomingMessage): boolean {
    return this.#hasPath(request) && /(?:^|[,\s])websocket(?:[,\s]|$)/i.test(request.headers.upgrade ?? '');
  }

  #hasPath(request: IncomingMessage): boolean {
    return this.#endpoints.has(targetOf(request).path);
  }

  #answer(opening: Opening): true {
    const { request } = opening;
    const { gate } = this.#options;
    const endpoint = this.#endpoints.find(targetOf(request).path);
    const refusal = gate.refusal(request, endpoint?.rule);
    if (!this.#options.engine.accepting) opening.refuse(503, 'draining', { 'Retry-After': '1' });
    else if (this.#options.capacity.isFull) opening.refuse(503, 'full', { 'Retry-After': '5' });
    else if (refusal) opening.refuse(403, refusalReasons[refusal]);
    else this.#open(endpoint, opening);
    return true;
  }

  #open(endpoint: Endpoint | undefined, opening: Opening): void {
    const { request } = opening;
    if (this.#options.gate.isStranger(request, endpoint?.rule)) forgetVisitor(request);
    if (endpoint) this.#openPeer(endpoint, opening);
    else this.#openLink(opening);
  }

  /**
   * Opens a connection to the engine for a request of which no more is known than its head. False: there is something
   * to refuse, or the path is another, and nothing was done.
   */
  accept(request: RequestHead, socket: Socket, rest: Uint8Array): boolean {
    const { engine, path, gate, capacity } = this.#options;
    const { headers, url } = request;
    if (!isAt(path || '/', url) || !engine.accepting || capacity.isFull) return false;
    const visitor = { headers, socket };
    if (gate.refusal(visitor) || gate.isStranger(visitor)) return false;
    const first = readFirst(headers['sec-websocket-protocol']);
    const handshake = acceptHandshake(request, this.#ports, this.#optionsFor(first));
    if (!handshake.accepted || handshake.protocol === undefined) return false;
    // No object and no closure stands for an agreement here: most connections come this way.
    socket.setNoDelay(true);
    this.#startLink(handshake, handshake.head, { carrier: socket, headers, end: socket, rest, first });
    return true;
  }

  /** Ends the plain connections; the engine ends its own. */
  close(): void {
    for (const peer of this.#peers) peer.close(1001, 'going away');
  }

  #openLink(opening: Opening): void {
    const { carrier, rest, end, request } = opening;
    const { headers } = request;
    const first = readFirst(headers['sec-websocket-protocol']);
    const agreement = opening.negotiate(this.#optionsFor(first));
    if (!agreement) return;
    if (agreement.protocol !== undefined) {
      agreement.accept();
      this.#startLink(agreement, agreement.response, { carrier, rest, end, headers, first });
    } else opening.refuse(400, `Sec-WebSocket-Protocol must offer ${codecProtocols.join(' or ')}`);
  }

  #optionsFor(first: Encoded | undefined): AcceptOptions {
    return first === undefined ? this.#acceptOptions : this.#acceptFirstOptions;
  }

  /** The response is written with what is answered to a first message at once. */
  #startLink(
    { protocol, deflate }: Agreed,
    response: string,
    { carrier, headers, rest, end, first }: LinkCarrier,
  ): void {
    const { engine, proxies } = this.#options;
    const wires = protocol!.startsWith(subprotocols.json) ? this.#wires.json : this.#wires.binary;
    // A peer with a smaller window could not read a frame compressed for all.
    const wire = deflate?.serverMaxWindowBits === windowBits ? wires.compressed : wires.plain;
    const link = new WebSocketLink(carrier, wire, this.#linkOptions, deflate);
    const session = engine.accept(link, new LinkInfo(webSocketTransport, headers, end, proxies));
    link.start(session, response, rest, protocol!.endsWith(firstSuffix) ? first : undefined);
  }

  #openPeer(endpoint: Endpoint, opening: Opening): void {
    const { handler, options } = endpoint;
    const { protocols, compress = false, maxBufferedBytes = 64 * 1024 * 1024 } = options;
    const { capacity, engine } = this.#options;
    const { messageTimeoutMs } = engine.limits;
    const agreement = opening.negotiate({ ...(protocols && { protocols }), deflate: compress && {} });
    if (!agreement) return;
    const { request, carrier, rest } = opening;
    const trace = options.trace?.(request);
    trace?.({ direction: 'out', bytes: new TextEncoder().encode(agreement.head) });
    agreement.accept();
    const { protocol, deflate, response } = agreement;
    if (response !== '') carrier.write(response, 'latin1');
    const failed = (error: unknown): void =>
      this.#options.logger.error(`The handler of ${targetOf(request).path} failed.`, error);
    const peer = new DuplexPeer(carrier, this.#settings.get(endpoint)!, deflate, {
      protocol,
      maxBufferedBytes,
      messageTimeoutMs,
      halfMessages: this.#halfMessages,
      trace,
      failed,
    });
    this.#peers.add(peer);
    capacity.others++;
    carrier.once('close', () => {
      capacity.others--;
      this.#peers.delete(peer);
    });
    try {
      handler(peer, request);
    } catch (error) {
      failed(error);
      peer.close(1011, 'internal error');
    }
    // After the handler: a flowing socket hands over at once the bytes that are put back.
    if (rest.length > 0) carrier.unshift(rest);
  }
}
