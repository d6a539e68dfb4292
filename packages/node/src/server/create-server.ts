import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Channels, type ClientCalls, checkOptions, option, type Duration, readDuration } from '@longwave/protocol';
import { makeId } from '../host/make-id.js';
import type { HttpApi } from '../http-api/http-api.js';
import type { WebSocketEndpointOptions, WebSocketHandler } from '../web-socket/endpoints.js';
import { WebSocketHost } from '../web-socket/web-socket-host.js';
import { AttachedServers } from './attached-servers.js';
import { Entrances } from './entrances.js';
import { openListener } from './open-listener.js';
import type { ServerCore } from './server-core.js';
import type { ListenOptions, ServerOptions } from './server-options.js';
import { createServerParts } from './server-parts.js';
import { closeRules, endpointRules, httpServer, listenRules, serverRules } from './server-rules.js';
import { startDialects } from './start-dialects.js';

/** A Longwave server. Create one with `createServer`. */
export interface Server<C extends Channels = Channels, H extends ClientCalls = ClientCalls> extends ServerCore<C, H> {
  /**
   * Starts an HTTP server of its own, with the HTTP API, and resolves with its address. Rejects with the error of the
   * socket, such as EADDRINUSE, and with `closed` after `close`. A server without `authenticate` and `authorize` that
   * other machines can reach says so in one line of the log.
   * @example
   * ```ts
   * const { port } = await server.listen({ port: 8080, host: '127.0.0.1' });
   * ```
   */
  listen(options?: ListenOptions): Promise<AddressInfo>;
  /**
   * Takes requests and upgrades to `path`, and requests for the scripts beside it, from an HTTP server that exists already. Requests to other paths are handled
   * as before, and upgrades that no listener wants as ordinary requests. Harmless when repeated. Throws `closed` after
   * `close`, `TypeError` on a value that is no server.
   * @example
   * ```ts
   * const http = createHttpServer(app);
   * server.attach(http);
   * http.listen(8080);
   * ```
   */
  attach(server: HttpServer): void;
  /**
   * Answers a request of the HTTP transports, of a plain reader or to the HTTP API, for attached servers. Returns
   * false, and does nothing, when the path belongs to none of these.
   */
  readonly handleRequest: HttpApi;
  /** Adds a plain WebSocket endpoint, for a protocol of your own. Throws `RangeError` when the path is taken. */
  websocket(path: string, handler: WebSocketHandler, options?: WebSocketEndpointOptions): void;
  /**
   * Drains the node: sends clients elsewhere within `drain`, such as `'30s'` or milliseconds (default 0: all at once), then ends the
   * connections that are left. Its own HTTP server says meanwhile that the node drains (READ-4), and then stops; an
   * attached one stays with its owner. A second call joins the first.
   */
  close(options?: { readonly drain?: Duration }): Promise<void>;
}

/**
 * Creates a server for a contract. It listens to nothing yet: call `listen`, or `attach` it to an HTTP server of yours.
 * Throws `TypeError` or `RangeError` that names an unknown or invalid option.
 * @example
 * ```ts
 * const server = createServer({
 *   channels,
 *   authenticate: async (token) => ({ user: await verify(token) }),
 *   authorize: ({ user, action }) => action === 'subscribe' || user !== undefined,
 * });
 * await server.listen({ port: 8080 });
 * ```
 */
export function createServer<const C extends Channels, Claims = unknown, H extends ClientCalls = ClientCalls>(
  options: ServerOptions<C, Claims, H>,
): Server<C, H> {
  checkOptions('createServer', options, serverRules);
  const { core, clock, logger, path, gate, capacity, queues, requests, maxConnections, proxies, ...parts } =
    createServerParts(options);
  const { engine } = core;
  const { compress = false } = options;
  const host = new WebSocketHost({ engine, path, gate, compress, capacity, proxies, logger });
  const closeDialects = startDialects(options.dialects ?? [], { engine, logger, makeId, host, proxies });
  const { handleEndpoint, handleRequest } = parts;
  const attached = new AttachedServers({ host, handleEndpoint });
  const openings = { engine, clock, tls: options.tls, host, queues, requests, maxConnections, attached, handleRequest };
  const entrances = new Entrances(engine, (port, address) => openListener(openings, port, address));

  return {
    ...core,
    handleRequest,
    attach(server) {
      checkOptions('attach', { server }, { server: { ...httpServer, required: true } });
      entrances.requireOpen();
      attached.add(server);
    },
    async listen(listenOptions = {}) {
      checkOptions('listen', listenOptions, listenRules);
      const { port = 8080, host: address } = listenOptions;
      const bound = await entrances.listen(port, address);
      parts.warnIfOpen(bound);
      return bound;
    },
    websocket(endpoint, handler, endpointOptions = {}) {
      checkOptions('websocket', { endpoint, handler }, { endpoint: option.text, handler: option.callback });
      checkOptions('websocket', endpointOptions, endpointRules);
      host.add(endpoint, handler, endpointOptions);
    },
    async close(closeOptions = {}) {
      checkOptions('close', closeOptions, closeRules);
      await entrances.close(readDuration(closeOptions.drain ?? 0), async () => {
        host.close();
        closeDialects();
        await engine.close();
      });
      attached.clear();
    },
  };
}
