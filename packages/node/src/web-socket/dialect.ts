import type { IncomingMessage } from 'node:http';
import type { ConnectionInfo, Engine, Logger, MakeId } from '@longwave/core';
import type { WebSocketPeer } from './web-socket-peer.js';

/**
 * A protocol of other clients that a server speaks beside its own, such as those of `longwave/dialects`. It is one of the `dialects`
 * of `createServer`.
 */
export interface Dialect {
  /** Names it where connections are reported. */
  readonly name: string;
  /** Path of its WebSockets. Paths below it are its own too. */
  readonly path: string;
  /** Subprotocols spoken, the preferred one first. Default: none is asked for. */
  readonly protocols?: readonly string[];
  /** Bytes of one message. */
  readonly maxMessageBytes: number;
  /** Called once, by the server. */
  start(host: DialectHost): RunningDialect;
}

/** The server, as a dialect sees it. */
export interface DialectHost {
  readonly engine: Engine;
  readonly logger: Logger;
  readonly makeId: MakeId;
  /** The same for all dialects of a server that ask for it with the same key: made by the first. */
  shared<T extends object>(key: symbol, make: () => T): T;
}

/** A dialect at work in a server. */
export interface RunningDialect {
  /** A WebSocket was opened that the server's rules for origins, hosts and capacity let in. */
  open(visit: DialectVisit): void;
  /** The server closes. Sockets and sessions are ended by the server itself. */
  close(): void;
}

/** A WebSocket that a client of a dialect has opened. */
export interface DialectVisit {
  readonly socket: WebSocketPeer;
  /** The rest of the path, as it was written: empty, or beginning with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly info: ConnectionInfo;
  readonly request: IncomingMessage;
}
