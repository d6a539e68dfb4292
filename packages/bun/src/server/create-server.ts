import type { AddressInfo } from 'node:net';
import {
  type Channels,
  type ClientCalls,
  type Duration,
  checkOptions,
  option,
  readDuration,
  wireLimits,
} from '@longwave/protocol';
import type { ListenOptions, ServerOptions, WebSocketEndpointOptions, WebSocketHandler } from '@longwave/node';
import type { ServerCore } from '@longwave/node/server-core';
import {
  Entrances,
  closeRules,
  createServerParts,
  endpointRules,
  listenRules,
  makeId,
  serverRules,
  startDialects,
} from '@longwave/node/hosts';
import { requireBun } from '../host/bun.js';
import { SocketHost } from '../web-socket/socket-host.js';
import { openEntrance } from './open-entrance.js';

/** A Longwave server on Bun's own HTTP and WebSockets. Create one with `createServer`. */
export interface Server<C extends Channels = Channels, H extends ClientCalls = ClientCalls> extends ServerCore<C, H> {
  /**
   * Starts a server of Bun, with the HTTP API, and resolves with its address. Rejects with the error of the socket, such as
   * EADDRINUSE, and with `closed` after `close`. A server without `authenticate` and `authorize` that other machines can reach says so
   * in one line of the log.
   * @example
   * ```ts
   * const { port } = await server.listen({ port: 8080, host: '127.0.0.1' });
   * ```
   */
  listen(options?: ListenOptions): Promise<AddressInfo>;
  /**
   * Adds a plain WebSocket endpoint, for a protocol of your own. Throws `RangeError` when the path is taken, and for `trace`, which Bun
   * cannot do.
   */
  websocket(path: string, handler: WebSocketHandler, options?: WebSocketEndpointOptions): void;
  /**
   * Drains the node: sends clients elsewhere within `drain`, such as `'30s'` or milliseconds (default 0: all at once), then ends the
   * connections that are left. Its HTTP server says meanwhile that the node drains (READ-4), and then stops. A second call joins the
   * first.
   */
  close(options?: { readonly drain?: Duration }): Promise<void>;
}

/** More than any body that is read: longer ones get an answer of ours, up to twice that. */
const spareBytes = 1024 * 1024;

/**
 * Creates a server for a contract, as `createServer` of `longwave` does, with the same options. It listens to nothing yet: call
 * `listen`. Throws `TypeError` or `RangeError` that names an unknown or invalid option, and an `Error` where the process is not Bun.
 * @example
 * ```ts
 * import { createServer } from 'longwave/bun';
 *
 * const server = createServer({ channels });
 * await server.listen({ port: 8080 });
 * ```
 */
export function createServer<const C extends Channels, Claims = unknown, H extends ClientCalls = ClientCalls>(
  options: ServerOptions<C, Claims, H>,
): Server<C, H> {
  requireBun();
  checkOptions('createServer', options, serverRules);
  const { core, logger, path, gate, capacity, proxies, handleRequest, warnIfOpen } = createServerParts(options);
  const { engine } = core;
  const { compress = false, tls, dialects = [], http = {} } = options;
  const sockets = new SocketHost({ engine, path, gate, compress, capacity, proxies, logger });
  const closeDialects = startDialects(dialects, { engine, logger, makeId, host: sockets, proxies });
  const heartbeatMs = readDuration(options.heartbeat ?? '10s');
  const { messageBytes } = engine.limits;
  const bodyBytes = Math.max(messageBytes * wireLimits.downstreamMessages, http.bodyBytes ?? 0) + spareBytes;
  const entrances = new Entrances(engine, (port, host) =>
    openEntrance({ engine, tls, sockets, logger, heartbeatMs, bodyBytes, handleRequest }, port, host),
  );
  return {
    ...core,
    async listen(listenOptions = {}) {
      checkOptions('listen', listenOptions, listenRules);
      const bound = await entrances.listen(listenOptions.port ?? 8080, listenOptions.host);
      warnIfOpen(bound);
      return bound;
    },
    websocket(endpoint, handler, endpointOptions = {}) {
      checkOptions('websocket', { endpoint, handler }, { endpoint: option.text, handler: option.callback });
      checkOptions('websocket', endpointOptions, endpointRules);
      sockets.add(endpoint, handler, endpointOptions);
    },
    async close(closeOptions = {}) {
      checkOptions('close', closeOptions, closeRules);
      await entrances.close(readDuration(closeOptions.drain ?? 0), async () => {
        sockets.close();
        closeDialects();
        await engine.close();
      });
    },
  };
}
