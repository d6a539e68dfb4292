import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import type { ServerOptions as TlsOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import process from 'node:process';
import {
  type Action,
  type ConnectionInfo,
  Engine,
  type Hooks,
  type Identity,
  type Limits,
  type Grant,
  type LoadState,
  type Logger,
  type MaybePromise,
  type Modes,
  type Store,
} from '@longwave/core';
import type { Calls, Channels, MessageInput, NameOf } from '@longwave/protocol';
import { Capacity } from './capacity.js';
import { consoleLogger } from './console-logger.js';
import { type HttpApi, type HttpApiOptions, createHttpApi } from './http-api/http-api.js';
import { digest, makeId } from './make-id.js';
import { memory } from './memory.js';
import { createNodeClock } from './node-clock.js';
import { Entrances } from './entrances.js';
import { Gate } from './gate.js';
import { type AllowedHosts, isLoopback } from './host-rule.js';
import type { AllowedOrigins } from './origin-rule.js';
import { ReaderHost } from './readers/reader-host.js';
import { readerRoutes } from './readers/reader-request.js';
import { RequestHost } from './request-host.js';
import { RequestTurns } from './request-turns.js';
import { type ServerChannelOf, type ServerUser, createServerChannel, createServerUser } from './server-channel.js';
import { normalizePath } from './target.js';
import { type WebSocketEndpointOptions, type WebSocketHandler, WebSocketHost } from './web-socket-host.js';

export interface ServerOptions<C extends Channels> {
  /** The contract, made by `defineChannels`. */
  readonly channels: C;
  /** What clients may call, made by `defineCalls`. */
  readonly calls?: Calls;
  /** Default: `memory()`. */
  readonly store?: Store;
  /** Who connects. Throw `LongwaveError('unauthenticated')` to refuse. Default: everybody, anonymous. */
  readonly authenticate?: (token: string | undefined, info: ConnectionInfo) => MaybePromise<Identity>;
  /** Who may do what. Default: everybody everything. */
  readonly authorize?: (
    identity: Identity,
    action: Action,
    channel: string,
    params: Readonly<Record<string, string>>,
  ) => MaybePromise<boolean | Grant>;
  readonly on?: Hooks;
  /** Modes of channels besides those that Longwave brings, by the name in their definition. */
  readonly modes?: Modes;
  /** Where clients connect: a path, with or without a slash in front. Default `/longwave`. Throws `RangeError` on what is none. */
  readonly path?: string;
  /**
   * Origins of pages that may connect, such as `['https://example.com', 'capacitor://localhost']`, or `'*'`: all, those of other
   * sites without their cookies. Default: the server's own. Throws `TypeError` on what is no list, `RangeError` on an entry
   * that no browser would send. (HTTP-7)
   */
  readonly allowedOrigins?: AllowedOrigins;
  /**
   * Names by which the server may be reached, such as `['example.com']`, or `'*'`: any. Addresses, `localhost` and names without
   * a dot always pass. Default: none but those on a server that listens on loopback alone, else any. Throws as
   * `allowedOrigins` does. (HTTP-9)
   */
  readonly allowedHosts?: AllowedHosts;
  readonly limits?: Partial<Limits>;
  /** Milliseconds between pings (HB-2). Default 10,000. */
  readonly heartbeatMs?: number;
  /**
   * Connections at a time; beyond it, upgrades and requests get 503. It counts requests as well that are not complete yet. A server
   * of its own accepts some more sockets, for health checks and to refuse politely, and no others (LIM-7). Default 100,000.
   */
  readonly maxConnections?: number;
  /**
   * Proxies in front of this server, each of which adds the address that connected to it to `X-Forwarded-For`: the last but so many
   * is taken for the client's, by rates of addresses and as `remoteAddress`. Default 0: the socket's. More than there are lets
   * clients make up their address.
   */
  readonly trustProxy?: number;
  /**
   * Whether a history page that is told to a reader without a name may be kept by shared caches and told to all (READ-12). Say true
   * where `authenticate` and `on.connect` look at nothing of a request but its token and its cookies: at no other header, address or
   * certificate. Default: true where there are neither, otherwise false.
   */
  readonly publicHistory?: boolean;
  /** permessage-deflate for clients that offer it, compressed once for all. Default false. */
  readonly compress?: boolean;
  /** The HTTP API for back ends and operators. Without `apiKeys`, all of `/v1` answers 403. */
  readonly http?: Partial<Omit<HttpApiOptions, 'logger'>>;
  /**
   * For `listen`: certificates and keys as in `node:https`. Without it, plain HTTP. With it, HTTP/2 too, unless
   * `ALPNProtocols` is given without `h2`.
   */
  readonly tls?: TlsOptions;
  readonly logger?: Logger;
  /** Where this node runs, for those who look at the cluster. Default: the host's name and the process's id. */
  readonly label?: string;
}

export interface ListenOptions {
  /** 0 picks a free one. Default 8080. */
  readonly port?: number;
  /** Default: all interfaces. */
  readonly host?: string;
}

export interface Server<C extends Channels = Channels> {
  /** The engine behind it, for hosts of other transports. */
  readonly engine: Engine;
  /**
   * Starts an HTTP server of its own, with the HTTP API. Rejects with the error of `listen`, such as EADDRINUSE, and
   * with `closed` after `close`. Where others than
   * this machine reach it, and neither `authenticate` nor `authorize` is given, one line of the log says so.
   */
  listen(options?: ListenOptions): Promise<AddressInfo>;
  /**
   * Takes what goes to `path` from an HTTP server that is there already. Requests to other paths go on as before, upgrades that no
   * listener wants as ordinary requests. Once is enough. Throws `closed` after `close`.
   */
  attach(server: HttpServer): void;
  /**
   * Answers a request of the HTTP transports, of a plain reader or to the HTTP API, for attached servers. False: its path is
   * none of ours, and nothing was done.
   */
  readonly handleRequest: HttpApi;
  /** A plain WebSocket endpoint, for those who bring their own protocol. Throws `RangeError` when the path is taken. */
  websocket(path: string, handler: WebSocketHandler, options?: WebSocketEndpointOptions): void;
  /** A channel as the server sees it: no rights are asked. */
  channel<N extends NameOf<C>>(name: N): ServerChannelOf<C, N>;
  /** The state of the channels with this name or pattern is the application's: `load` is asked for it when the store has none (STATE-6). */
  own(pattern: keyof C & string, load: LoadState): void;
  user(id: string): ServerUser<MessageInput<C, '@me'>>;
  /**
   * Sends clients elsewhere within `drainMs` milliseconds (default 0: all at once), then ends what is left. Its own HTTP server
   * answers for so long that the node drains (READ-4), and then stops; an attached one stays with its owner. A second call joins
   * the first.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** A Longwave server: an engine, its WebSocket host, and an HTTP server of its own or yours. Listens to nothing yet. */
export function createServer<const C extends Channels>(options: ServerOptions<C>): Server<C> {
  const path = normalizePath(options.path ?? '/longwave', 'path');
  const { logger = consoleLogger, store = memory(), limits, heartbeatMs, calls } = options;
  const clock = createNodeClock();
  const engine = new Engine({
    channels: options.channels,
    store,
    clock,
    random: Math.random,
    makeId,
    digest,
    logger,
    cluster: { label: options.label ?? `${hostname()}:${process.pid}` },
    authority: {
      authenticate: options.authenticate ?? (() => ({})),
      authorize: options.authorize ?? (() => true),
    },
    ...(calls && { calls }),
    ...(options.modes && { modes: options.modes }),
    ...(options.on && { hooks: options.on }),
    ...(limits && { limits }),
    ...(heartbeatMs !== undefined && { heartbeatMs }),
  });
  const { allowedOrigins, allowedHosts, compress = false, maxConnections = 100_000, trustProxy } = options;
  const { publicHistory = !options.authenticate && !options.on?.connect } = options;
  const capacity = new Capacity(engine, maxConnections);
  const turns = new RequestTurns();
  const proxies = trustProxy ?? 0;
  const gate = new Gate({ allowedOrigins, allowedHosts, logger });
  const host = new WebSocketHost({ engine, path, gate, compress, capacity, proxies, logger });
  const requests = new RequestHost({ engine, clock, path, gate, capacity, turns, proxies: trustProxy, logger });
  const { basePath = '' } = options.http ?? {};
  const readers = new ReaderHost({ engine, makeId, logger, basePath, gate, capacity, turns, proxies, publicHistory });
  const api = createHttpApi(engine, { apiKeys: [], logger, ...options.http }, gate);
  const warnIfOpen = (address: AddressInfo | string | null): void => {
    if (options.authenticate || options.authorize || isLoopback(address)) return;
    logger.error(
      'Everybody who reaches this server may read and publish: it has neither authenticate nor authorize, and it listens on more than loopback.',
    );
  };
  const handleRequest = Object.assign(
    (request: IncomingMessage, response: ServerResponse) =>
      requests.handle(request, response) || readers.handle(request, response) || api(request, response),
    { routes: [...readerRoutes(basePath), ...api.routes], readMetrics: api.readMetrics },
  );
  const entrances = new Entrances({
    engine,
    clock,
    tls: options.tls,
    host,
    requests,
    turns,
    maxConnections,
    handleRequest,
  });

  return {
    engine,
    handleRequest,
    attach: (server) => entrances.attach(server),
    async listen({ port = 8080, host: address } = {}) {
      const bound = await entrances.listen(port, address);
      warnIfOpen(bound);
      return bound;
    },
    websocket: (endpoint, handler, endpointOptions = {}) => host.add(endpoint, handler, endpointOptions),
    channel: (name) => createServerChannel<C, typeof name>(engine, name),
    own: (pattern, load) => engine.own(pattern, load),
    user: (id) => createServerUser(engine, id),
    close: ({ drainMs = 0 } = {}) =>
      entrances.close(drainMs, async () => {
        host.close();
        await engine.close();
      }),
  };
}
