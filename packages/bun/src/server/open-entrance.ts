import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions as TlsOptions } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import type { ConnectionInfo, Engine, Logger } from '@longwave/core';
import { type Entrance, targetOf } from '@longwave/node/hosts';
import { type BunServer, type SocketHandlers, requireBun } from '../host/bun.js';
import { answer, asMessage } from '../http/answer.js';
import { Incoming } from '../http/incoming.js';
import { type Place, RequestSocket } from '../http/request-socket.js';
import type { SocketHost } from '../web-socket/socket-host.js';

/**
 * Seconds that an idle connection is kept for the next request: longer than proxies do (60 s as a rule), for which this end must not
 * be the one that closes.
 */
const keepAliveSeconds = 75;
/** The longest idle time that Bun can be told. */
const maxIdleSeconds = 255;
/** Milliseconds after everything was ended until the rest is cut. */
const cutMs = 500;

export interface OpenEntranceOptions {
  readonly engine: Engine;
  readonly tls: TlsOptions | undefined;
  readonly sockets: SocketHost;
  readonly logger: Logger;
  readonly heartbeatMs: number;
  /** Most bytes of any request's body. */
  readonly bodyBytes: number;
  /** All that is not a WebSocket. Returns whether it took the request. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Listens with `Bun.serve`. Rejects with the error of the socket. */
export async function openEntrance(
  { engine, tls, sockets, logger, heartbeatMs, bodyBytes, handleRequest }: OpenEntranceOptions,
  port: number,
  host: string | undefined,
): Promise<Entrance> {
  const place: Place = { encrypted: tls !== undefined, server: { address: () => server.address } };
  const fetch = (request: Request, bun: BunServer): Response | Promise<Response> | undefined => {
    const headers = headersOf(request);
    const url = originForm(request.url);
    const { path } = targetOf({ url });
    const options = () => {
      const socket = new RequestSocket(place, bun.requestIP(request)?.address);
      return { request, url, headers, socket };
    };
    if (isUpgrade(headers) && sockets.has(path)) {
      return sockets.open({
        request,
        url,
        headers,
        socket: place,
        path,
        server: bun,
        asMessage: () => asMessage(new Incoming(options())),
      });
    }
    return answer(options(), (incoming, outgoing) => {
      // The next request of this peer had better find another node.
      if (!engine.accepting) outgoing.shouldKeepAlive = false;
      if (!handleRequest(incoming, outgoing)) outgoing.writeHead(404).end();
    });
  };
  const handlers = (websocket: SocketHandlers) => ({
    fetch,
    error(error: unknown) {
      logger.error('A request failed.', error);
      return new Response(null, { status: 500 });
    },
    websocket,
  });
  const server = requireBun().serve({
    port,
    ...(host !== undefined && { hostname: host }),
    ...(tls && { tls }),
    idleTimeout: idleSeconds(heartbeatMs),
    maxRequestBodySize: bodyBytes,
    development: false,
    reusePort: false,
    ...handlers(sockets.handlers),
  });
  const forget = sockets.onChange(() => server.reload(handlers(sockets.handlers)));
  let stopped: Promise<void> | undefined;
  return {
    bound: server.address,
    leave: () => undefined,
    stop: () => void (stopped ??= server.stop()),
    async close() {
      forget();
      await Promise.race([stopped, wait(cutMs, undefined, { ref: false })]);
      await server.stop(true);
    },
  };
}

/** Seconds, 0 for none: between two heartbeats nothing passes on a stream. */
function idleSeconds(heartbeatMs: number): number {
  const seconds = Math.max(keepAliveSeconds, Math.ceil((heartbeatMs * 1.5) / 1000));
  return seconds > maxIdleSeconds ? 0 : seconds;
}

/** Headers of Bun make an object of themselves, with names in lower case. */
function headersOf({ headers }: Request): ConnectionInfo['headers'] & Record<string, string> {
  const { toJSON } = headers as { toJSON?: () => Record<string, string> };
  return toJSON ? toJSON.call(headers) : Object.fromEntries(headers as unknown as Iterable<[string, string]>);
}

function isUpgrade({ upgrade }: ConnectionInfo['headers']): boolean {
  return typeof upgrade === 'string' && /(?:^|[,\s])websocket(?:[,\s]|$)/i.test(upgrade);
}

/** Bun writes the scheme and the host in front of the target, where a host was named. */
function originForm(url: string): string {
  if (url.startsWith('/')) return url;
  const start = url.indexOf('/', url.indexOf('://') + 3);
  return start < 0 ? '/' : url.slice(start);
}
