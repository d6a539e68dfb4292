import { type Server as HttpServer, createServer as createHttpServer } from 'node:http';
import { type ServerOptions as TlsOptions, createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@longwave/core';
import { type AcceptUpgrade, FirstChunks } from './first-chunks.js';

/**
 * Milliseconds that an idle connection is kept for the next request: longer than proxies do (60 s as a rule). If this end were
 * the one that closes, it could do so just as a request comes, and no proxy repeats a POST.
 */
const keepAliveMs = 75_000;

/** A server that Longwave itself listens with. */
export interface Listener {
  /** For 'request' and 'upgrade', which get what was not taken before. */
  readonly server: HttpServer;
  /** Rejects with the error of `listen`, such as EADDRINUSE. */
  listen(port: number, host: string | undefined): Promise<AddressInfo>;
  /** Stops listening; resolves when the last connection has ended. Those that are idle are ended. */
  close(): Promise<void>;
}

/**
 * An HTTP server, over TLS if `tls` is given, whose plain WebSocket upgrades go to `accept` without passing through it:
 * a quarter of what such a connection costs to open.
 */
export function createListener(tls: TlsOptions | undefined, clock: Clock, accept: AcceptUpgrade): Listener {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  server.keepAliveTimeout = keepAliveMs;
  const firstChunks = new FirstChunks({ server, event: tls ? 'secureConnection' : 'connection', clock, accept });
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
    close() {
      firstChunks.close();
      server.closeIdleConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
