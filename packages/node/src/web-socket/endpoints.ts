import { type AllowedOrigins, type OriginRule, createOriginRule } from '../gate/origin-rule.js';
import type { WireEvent, WebSocketPeer } from './web-socket-peer.js';
import type { IncomingMessage } from 'node:http';

/** Options of `server.websocket`. */
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
  /**
   * Watches what passes on the wire, the handshake's response first. Returns undefined for connections of no interest.
   */
  readonly trace?: (request: IncomingMessage) => ((event: WireEvent) => void) | undefined;
}

/** Gets each connection of an endpoint that `server.websocket` added. */
export type WebSocketHandler = (socket: WebSocketPeer, request: IncomingMessage) => void;

export interface Endpoint {
  /** Paths below its own are its own too. */
  readonly isTree: boolean;
  readonly handler: WebSocketHandler;
  readonly options: WebSocketEndpointOptions;
  /** Undefined: that of the server. */
  readonly rule: OriginRule | undefined;
}

/** The paths at which a server takes WebSockets: the engine's own, and plain ones. */
export class Endpoints {
  readonly #own: string;
  readonly #endpoints = new Map<string, Endpoint>();

  /** `path`: that of the engine's endpoint, normalised. */
  constructor(path: string) {
    this.#own = path || '/';
  }

  /**
   * Throws `RangeError` when the path is taken or does not begin with `/`, and as `createServer` does for its origins.
   */
  add(path: string, handler: WebSocketHandler, options: WebSocketEndpointOptions, isTree: boolean): Endpoint {
    if (!path.startsWith('/')) throw new RangeError(`A path begins with '/': '${path}' does not.`);
    if (path === this.#own || this.#endpoints.has(path)) throw new RangeError(`The path '${path}' is taken.`);
    const { allowedOrigins } = options;
    const rule = allowedOrigins && createOriginRule(allowedOrigins, `allowedOrigins of ${path}`);
    const endpoint: Endpoint = { isTree, handler, options, rule };
    this.#endpoints.set(path, endpoint);
    return endpoint;
  }

  /** Whether the path is the engine's, or that of a plain endpoint. */
  has(path: string): boolean {
    return path === this.#own || this.find(path) !== undefined;
  }

  /** The plain endpoint of a path. */
  find(path: string): Endpoint | undefined {
    const endpoint = this.#endpoints.get(path);
    if (endpoint) return endpoint;
    for (const [root, tree] of this.#endpoints) if (tree.isTree && path.startsWith(`${root}/`)) return tree;
    return undefined;
  }
}
