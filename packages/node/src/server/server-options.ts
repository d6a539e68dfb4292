import type { ServerOptions as TlsOptions } from 'node:https';
import type {
  AuthorizeContext,
  ConnectionInfo,
  DocumentFormat,
  RoomHost,
  Grant,
  Hooks,
  Identity,
  Logger,
  MaybePromise,
  Modes,
  Store,
} from '@longwave/core';
import type { Calls, Channels, ClientCalls, Duration } from '@longwave/protocol';
import type { LimitOptions } from './limit-options.js';
import type { LogLevel } from '../host/log-level.js';
import type { Dialect } from '../web-socket/dialect.js';
import type { HttpApiOptions } from '../http-api/http-api.js';
import type { AllowedHosts } from '../gate/host-rule.js';
import type { AllowedOrigins } from '../gate/origin-rule.js';

/**
 * Options of `createServer`. Only `channels` is required. `Claims` is the type of the claims that `authenticate` returns; where
 * that stands before the others, it is inferred for them.
 */
export interface ServerOptions<C extends Channels, Claims = unknown, H extends ClientCalls = ClientCalls> {
  /** The contract, made by `defineChannels`. */
  readonly channels: C;
  /** Calls that clients may make, from `defineCalls`. */
  readonly calls?: Calls<NoInfer<Claims>>;
  /** Calls that the server may make to its clients, from `defineClientCalls` (CALL-3). Default: none. */
  readonly clientCalls?: H;
  /** Store of the logs and states. Default: `memory()`, which keeps nothing when the process ends. */
  readonly store?: Store;
  /**
   * Returns the identity of a client. Throw `LongwaveError('unauthenticated')` to refuse it. Default:
   * every client is anonymous.
   */
  readonly authenticate?: (token: string | undefined, info: ConnectionInfo) => MaybePromise<Identity<Claims>>;
  /**
   * Tells whether a client may do an action in a channel. Return true, false, or a `Grant` with a limit. Default: every
   * client may do everything.
   */
  readonly authorize?: (context: AuthorizeContext<NoInfer<Claims>>) => MaybePromise<boolean | Grant>;
  /**
   * Hooks of the application at the events of a connection. The hooks of a list run in order, and the first that throws
   * refuses.
   */
  readonly on?: Hooks<NoInfer<Claims>> | readonly Hooks<NoInfer<Claims>>[];
  /**
   * The format of documents: `yjs()` of `longwave/yjs/server`. Required where the contract has a `doc()`, else `createServer`
   * throws `TypeError`. Default: none.
   */
  readonly documents?: DocumentFormat;
  /**
   * Steps the rooms of this node: `serveRooms(...)` of `longwave/rooms/server`. Required where the contract has a `room()`, else
   * `createServer` throws `TypeError`. Default: none.
   */
  readonly rooms?: RoomHost;
  /** The application's own modes of channels, by the name in their definition. */
  readonly modes?: Modes;
  /**
   * Path at which clients connect, with or without a slash in front. Default `/longwave`. An invalid path throws
   * `RangeError`.
   */
  readonly path?: string;
  /**
   * Origins of pages that may connect, such as `['https://example.com', 'capacitor://localhost']`. `'*'` lets all pages
   * in, those of other sites without their cookies. Default: the server's own origin. A value that is no list throws
   * `TypeError`, an entry that no browser would send throws `RangeError` (HTTP-7).
   */
  readonly allowedOrigins?: AllowedOrigins;
  /**
   * Host names by which the server may be reached, such as `['example.com']`, or `'*'` for any. Addresses, `localhost`
   * and names without a dot always pass. Default: no others on a server that listens on loopback alone, and any name
   * elsewhere. Throws as `allowedOrigins` does (HTTP-9).
   */
  readonly allowedHosts?: AllowedHosts;
  /** Limits of this node; each has a default of its own. */
  readonly limits?: LimitOptions;
  /** Time between pings, such as `'10s'`, the default, or milliseconds (HB-2). */
  readonly heartbeat?: Duration;
  /**
   * Most connections at a time, requests that are not complete yet included; above it upgrades and requests get 503. A
   * server that Longwave listens with accepts a few more sockets, for health checks and to refuse politely (LIM-7).
   * Default 100,000.
   */
  readonly maxConnections?: number;
  /**
   * Number of proxies in front of this server, each of which appends the address that connected to it to
   * `X-Forwarded-For`. The client's address, for rates and as `remoteAddress`, is read that many places from the end.
   * Default 0: the socket's address. With a number above the real one, clients can forge their address.
   */
  readonly trustProxy?: number;
  /**
   * Whether shared caches may keep a history page that an anonymous reader got, and give it to everybody (READ-12). Set
   * it to true if `authenticate` and `on.connect` look only at the token and the cookies of a request, at no other
   * header, address or certificate. Default: true without `authenticate` and `on.connect`, otherwise false.
   */
  readonly publicHistory?: boolean;
  /**
   * Compresses messages (permessage-deflate) for clients that offer it; a chunk is compressed once for all. Default
   * false.
   */
  readonly compress?: boolean;
  /**
   * Protocols of other clients that the server speaks beside its own, such as `yWebsocket()` and `hocuspocus()` of
   * `longwave/dialects`. They share its limits, rights and hooks. Default: none.
   */
  readonly dialects?: readonly Dialect[];
  /**
   * Serves the client as a file beside `path`, for pages without a build step: `/longwave.js`, which defines the global `longwave`, and
   * the module `/longwave.mjs` (HTTP-24). Default true.
   */
  readonly script?: boolean;
  /** Options of the HTTP API for back ends and operators. Without `apiKeys`, all of `/v1` answers 403. */
  readonly http?: Partial<Omit<HttpApiOptions, 'logger'>>;
  /**
   * Certificates and keys for `listen`, as in `node:https`. With them the server also speaks HTTP/2, unless
   * `ALPNProtocols` is given without `h2`. Default: none, plain HTTP.
   */
  readonly tls?: TlsOptions;
  /** Gets lines of the log. Default: the console. */
  readonly logger?: Logger;
  /** The least that is logged: `debug`, `info`, `warn` or `error`. Default: `info` with a logger of your own, `warn` on the console. */
  readonly logLevel?: LogLevel;
  /** Label of this node in reports on the cluster. Default: the host's name and the process's id. */
  readonly label?: string;
}

/** The options that do not depend on the transport. */
export type ServerCoreOptions<C extends Channels, Claims = unknown, H extends ClientCalls = ClientCalls> = Pick<
  ServerOptions<C, Claims, H>,
  | 'channels'
  | 'calls'
  | 'clientCalls'
  | 'authenticate'
  | 'authorize'
  | 'on'
  | 'documents'
  | 'rooms'
  | 'modes'
  | 'limits'
  | 'heartbeat'
>;

/** Options of `listen`. */
export interface ListenOptions {
  /** Port; 0 picks a free one. Default 8080. */
  readonly port?: number;
  /** Address or name to listen on. Default: all interfaces. */
  readonly host?: string;
}
