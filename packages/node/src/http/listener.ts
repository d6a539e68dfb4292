import { Server as HttpServer, createServer as createHttpServer } from 'node:http';
import { type ServerOptions as TlsOptions, createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@longwave/core';
import { type AcceptUpgrade, FirstChunks } from './first-chunks.js';
import { type Http2Handlers, Http2Listener } from './http2-listener.js';

/**
 * Milliseconds that an idle connection is kept for the next request: longer than proxies do (60 s as a rule). If this
 * end were the one that closes, it could do so just as a request comes, and no proxy repeats a POST.
 */
export const keepAliveMs = 75_000;

/**
 * Milliseconds after everything was ended until the rest is cut: peers that vanished, and requests that never become
 * whole.
 */
const cutMs = 500;

/** Sockets beyond `maxConnections`: for health checks and metrics, and to tell clients that the node is full. */
const spareSockets = 256;
/** A request with its body may take so many times as long as its head. */
const maxRequestTimes = 3;
/** Milliseconds between two looks for requests that take too long, at most. */
const maxCheckMs = 1000;

/** A server that Longwave itself listens with. */
export interface Listener {
  /** For 'request' and 'upgrade', which get what was not taken before. */
  readonly server: HttpServer;
  /** Rejects with the error of `listen`, such as EADDRINUSE. */
  listen(port: number, host: string | undefined): Promise<AddressInfo>;
  /** Has peers open no more streams on connections that stand. */
  leave(): void;
  /** Takes no more connections. */
  stop(): void;
  /**
   * To be called after `stop`: resolves when the last connection has ended. Those that are idle are ended, the others
   * are cut half a second later.
   */
  close(): Promise<void>;
}

/** Serves connections without the HTTP server. */
interface DirectServer {
  serve(socket: Socket, chunk: Buffer): void;
  /** Ends all that it serves. */
  close(): void;
}

export interface ListenerOptions {
  /** Over TLS, HTTP/2 is spoken with those who can (ALPN). */
  readonly tls: TlsOptions | undefined;
  readonly clock: Clock;
  readonly maxConnections: number;
  /** Milliseconds that a TLS handshake and a request's head may take each. */
  readonly openingMs: number;
  readonly accept: AcceptUpgrade;
  /** Serves connections whose first request is a simple POST, and hands them back by `passOn`. */
  readonly direct?: (passOn: (socket: Socket, unread: Buffer) => void) => DirectServer;
  readonly http2: Http2Handlers;
}

/**
 * An HTTP server, over TLS if `tls` is given, whose plain WebSocket upgrades go to `accept` without passing through it:
 * a quarter of what such a connection costs to open.
 */
export function createListener(options: ListenerOptions): Listener {
  const { tls, clock, accept, openingMs, maxConnections } = options;
  const times = {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: openingMs,
    requestTimeout: openingMs * maxRequestTimes,
    connectionsCheckingInterval: Math.min(maxCheckMs, openingMs),
  };
  const server = tls
    ? createHttpsServer({ ...times, handshakeTimeout: openingMs, ...tlsOptions(tls) })
    : createHttpServer(times);
  server.maxConnections = maxConnections + spareSockets;
  const isRaw = server instanceof NetServer;
  const http2 = tls && isRaw ? new Http2Listener(options.http2, openingMs) : undefined;
  if (http2) divert(server, http2);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Elsewhere, as in Bun, HTTP is read below, and sockets only stand for connections: what we wrote to them would mix
  // with that.
  const event = tls ? 'secureConnection' : 'connection';
  const direct = options.direct?.((socket, unread) => firstChunks?.pass(socket, unread));
  const firstChunks = isRaw
    ? new FirstChunks({
        server,
        event,
        clock,
        accept,
        serve: direct && ((socket, chunk) => direct.serve(socket, chunk)),
        patienceMs: openingMs / 4,
      })
    : undefined;
  return {
    server,
    async listen(port, host) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, host, backlog: 4096 }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return server.address() as AddressInfo;
    },
    leave: () => http2?.leave(),
    stop() {
      server.close();
      http2?.stop();
    },
    close() {
      firstChunks?.close();
      direct?.close();
      server.closeIdleConnections();
      const cancel = clock.setTimer(() => {
        for (const socket of sockets) socket.destroy();
      }, cutMs);
      return new Promise((resolve) => {
        server.close(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}

/**
 * `ALPNProtocols` that the application gives stay, and where Node's own server does not read HTTP there is only HTTP/1.
 */
function tlsOptions(tls: TlsOptions): TlsOptions {
  if (!(HttpServer.prototype instanceof NetServer)) return tls;
  return tls.ALPNProtocols || tls.ALPNCallback ? tls : { ...tls, ALPNProtocols: ['h2', 'http/1.1'] };
}

/**
 * Sends the connections on which HTTP/2 was agreed to a server of its own. The two share no code path, so that HTTP/1
 * keeps its limits and its keep-alive, which Node's HTTP/2 server does not have for it.
 */
function divert(server: HttpServer, http2: Http2Listener): void {
  const listeners = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol === 'h2') http2.accept(socket);
    else for (const listener of listeners) listener.call(server, socket);
  });
}
