import type { ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The part of Bun that is used here, as its own types have it. They would bring all of Bun into every build. */
export interface Bun {
  serve(options: ServeOptions): BunServer;
}

interface ServeOptions {
  readonly hostname?: string;
  readonly port: number;
  readonly tls?: TlsOptions;
  /** Seconds until a connection is ended on which nothing passes. */
  readonly idleTimeout: number;
  readonly maxRequestBodySize: number;
  readonly development: false;
  /** Bun's default is true where `development` is false (findings/bun-development-false-shares-the-port.sh). */
  readonly reusePort: false;
  fetch(request: Request, server: BunServer): Response | Promise<Response> | undefined;
  error(error: unknown): Response;
  readonly websocket: SocketHandlers;
}

/** Gets the events of all WebSockets of a server. */
export interface SocketHandlers {
  /** Bytes of a message, after decompression. */
  readonly maxPayloadLength: number;
  /** Bytes that may wait to be sent. Beyond it messages are dropped. */
  readonly backpressureLimit: number;
  /** Seconds; 0 turns it off. */
  readonly idleTimeout: number;
  readonly sendPings: boolean;
  readonly perMessageDeflate: boolean;
  open(socket: BunSocket): void;
  message(socket: BunSocket, message: string | Uint8Array): void;
  drain(socket: BunSocket): void;
  pong(socket: BunSocket, payload: Uint8Array): void;
  close(socket: BunSocket, code: number, reason: string): void;
}

export interface BunServer {
  readonly address: AddressInfo;
  /** False: the request asks for no WebSocket. */
  upgrade(
    request: Request,
    options: { readonly data: SocketOwner; readonly headers?: Record<string, string> },
  ): boolean;
  requestIP(request: Request): { readonly address: string } | null;
  /** Changes the handlers, and the limits of WebSockets that are opened from now on. */
  reload(options: Pick<ServeOptions, 'fetch' | 'error' | 'websocket'>): void;
  /** Resolves when every connection has ended. */
  stop(closeActiveConnections?: boolean): Promise<void>;
}

/** A WebSocket of Bun. */
export interface BunSocket {
  readonly data: SocketOwner;
  readonly remoteAddress: string;
  /** 1: open. */
  readonly readyState: number;
  /** Returns the bytes sent, -1 where they wait to be sent, 0 where they were dropped. */
  sendText(data: string, compress?: boolean): number;
  sendBinary(data: Uint8Array, compress?: boolean): number;
  ping(data?: Uint8Array): number;
  getBufferedAmount(): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

/** Takes the events of one WebSocket. */
export interface SocketOwner {
  opened(socket: BunSocket): void;
  received(message: string | Uint8Array): void;
  /** Nothing waits to be sent any more. */
  drained(): void;
  ponged(payload: Uint8Array): void;
  closed(code: number, reason: string): void;
}

/** Throws where the process is none of Bun. */
export function requireBun(): Bun {
  const { Bun: bun } = globalThis as { readonly Bun?: Bun };
  if (bun) return bun;
  throw new Error("@longwave/bun runs in Bun alone: elsewhere import createServer from 'longwave'.");
}
