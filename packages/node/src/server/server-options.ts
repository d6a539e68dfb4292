import type { ServerOptions as TlsOptions } from 'node:https';
import type {
  Action,
  ConnectionInfo,
  Grant,
  Hooks,
  Identity,
  Limits,
  Logger,
  MaybePromise,
  Modes,
  Store,
} from '@longwave/core';
import type { Calls, Channels } from '@longwave/protocol';
import type { HttpApiOptions } from '../http-api/http-api.js';
import type { AllowedHosts } from '../gate/host-rule.js';
import type { AllowedOrigins } from '../gate/origin-rule.js';
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

/** What the application says of a server, whatever carries the frames. */
export type ServerCoreOptions<C extends Channels> = Pick<
  ServerOptions<C>,
  'channels' | 'calls' | 'authenticate' | 'authorize' | 'on' | 'modes' | 'limits' | 'heartbeatMs'
>;

export interface ListenOptions {
  /** 0 picks a free one. Default 8080. */
  readonly port?: number;
  /** Default: all interfaces. */
  readonly host?: string;
}
