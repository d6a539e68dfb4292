import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import process from 'node:process';
import { warn } from '@longwave/core';
import { type Channels, type ClientCalls, checkOptions, option, type Duration, readDuration } from '@longwave/protocol';
import { Capacity } from '../http/capacity.js';
import { consoleLogger } from '../host/console-logger.js';
import { atLevel } from '../host/log-level.js';
import { type HttpApi, createHttpApi } from '../http-api/http-api.js';
import { digest, makeId } from '../host/make-id.js';
import { memory } from '../host/memory.js';
import { createNodeClock } from '../host/node-clock.js';
import { Entrances } from './entrances.js';
import { Gate } from '../gate/gate.js';
import { isLoopback } from '../gate/host-rule.js';
import { ReaderHost } from '../readers/reader-host.js';
import { readerRoutes } from '../readers/reader-request.js';
import { type ServerCore, createServerCore } from './server-core.js';
import type { ListenOptions, ServerOptions } from './server-options.js';
import { closeRules, endpointRules, httpServer, listenRules, serverRules } from './server-rules.js';
import { RequestHost } from '../requests/request-host.js';
import { ScriptHost } from '../requests/script-host.js';
import { startDialects } from './start-dialects.js';
import { RequestQueues } from '../requests/request-queues.js';
import { normalizePath } from '../http/target.js';
import { type WebSocketEndpointOptions, type WebSocketHandler, WebSocketHost } from '../web-socket/web-socket-host.js';

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
  const path = normalizePath(options.path ?? '/longwave', 'path');
  const { store = memory() } = options;
  const logger = atLevel(options.logger ?? consoleLogger, options.logLevel ?? (options.logger ? 'info' : 'warn'));
  const clock = createNodeClock();
  const label = options.label ?? `${hostname()}:${process.pid}`;
  const core = createServerCore(options, { store, clock, random: Math.random, makeId, digest, logger, label });
  const { engine } = core;
  const { allowedOrigins, allowedHosts, compress = false, maxConnections = 100_000, trustProxy } = options;
  const { publicHistory = !options.authenticate && ![options.on].flat().some((hooks) => hooks?.connect) } = options;
  const capacity = new Capacity(engine, maxConnections);
  const queues = new RequestQueues();
  const proxies = trustProxy ?? 0;
  const gate = new Gate({ allowedOrigins, allowedHosts, logger });
  const host = new WebSocketHost({ engine, path, gate, compress, capacity, proxies, logger });
  const requests = new RequestHost({ engine, clock, path, gate, capacity, queues, proxies: trustProxy, logger });
  const { basePath = '' } = options.http ?? {};
  const readers = new ReaderHost({ engine, makeId, logger, basePath, gate, capacity, queues, proxies, publicHistory });
  const script = options.script === false ? undefined : new ScriptHost({ path, gate, logger });
  const api = createHttpApi(engine, { apiKeys: [], logger, ...options.http }, { gate, scripts: script?.path });
  const warnIfOpen = (address: AddressInfo | string | null): void => {
    if (options.authenticate || options.authorize || isLoopback(address)) return;
    warn(
      logger,
      'Everybody who reaches this server may read and publish: it has neither authenticate nor authorize, and it listens on more than loopback.',
    );
  };
  const handleEndpoint = (request: IncomingMessage, response: ServerResponse): boolean =>
    requests.handle(request, response) || (script?.handle(request, response) ?? false);
  const handleRequest = Object.assign(
    (request: IncomingMessage, response: ServerResponse) =>
      handleEndpoint(request, response) || readers.handle(request, response) || api(request, response),
    { routes: [...readerRoutes(basePath), ...api.routes], readMetrics: api.readMetrics },
  );
  const closeDialects = startDialects(options.dialects ?? [], { engine, logger, makeId, host, proxies });
  const entrances = new Entrances({
    engine,
    clock,
    tls: options.tls,
    host,
    handleEndpoint,
    queues,
    maxConnections,
    handleRequest,
  });

  return {
    ...core,
    handleRequest,
    attach(server) {
      checkOptions('attach', { server }, { server: { ...httpServer, required: true } });
      entrances.attach(server);
    },
    async listen(listenOptions = {}) {
      checkOptions('listen', listenOptions, listenRules);
      const { port = 8080, host: address } = listenOptions;
      const bound = await entrances.listen(port, address);
      warnIfOpen(bound);
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
    },
  };
}
