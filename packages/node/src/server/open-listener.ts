import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerOptions as TlsOptions } from 'node:https';
import type { Clock, Engine } from '@longwave/core';
import { createListener } from '../http/listener.js';
import type { RequestHost } from '../requests/request-host.js';
import type { RequestQueues } from '../requests/request-queues.js';
import type { WebSocketHost } from '../web-socket/web-socket-host.js';
import type { AttachedServers } from './attached-servers.js';
import type { Entrance } from './entrances.js';

interface OpenListenerOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly tls: TlsOptions | undefined;
  readonly host: WebSocketHost;
  readonly queues: RequestQueues;
  readonly requests: RequestHost;
  readonly maxConnections: number;
  readonly attached: AttachedServers;
  /** All that is not a WebSocket. */
  readonly handleRequest: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Listens with an HTTP server of our own. Rejects with the error of `listen`. */
export async function openListener(
  { engine, clock, tls, host, queues, requests, maxConnections, attached, handleRequest }: OpenListenerOptions,
  port: number,
  address: string | undefined,
): Promise<Entrance> {
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    // The next request of this peer had better find another node.
    if (!engine.accepting) response.shouldKeepAlive = false;
    queues.run(request, response, () => {
      if (!handleRequest(request, response)) response.writeHead(404).end();
    });
  };
  const listener = createListener({
    tls,
    clock,
    maxConnections,
    openingMs: engine.limits.connectTimeoutMs,
    accept: (head, socket, rest) => host.accept(head, socket, rest),
    direct: (passOn) => requests.direct(passOn),
    http2: { request: onRequest, connect: (request, stream) => host.connect(request, stream) },
  });
  const { server } = listener;
  server.on('request', onRequest);
  attached.add(server);
  try {
    return { ...listener, bound: await listener.listen(port, address) };
  } catch (error) {
    attached.remove(server);
    throw error;
  }
}
