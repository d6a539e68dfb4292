import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import process from 'node:process';
import { type Clock, type Logger, warn } from '@longwave/core';
import type { Channels, ClientCalls } from '@longwave/protocol';
import { Capacity } from '../http/capacity.js';
import { normalizePath } from '../http/target.js';
import { type HttpApi, createHttpApi } from '../http-api/http-api.js';
import { Gate } from '../gate/gate.js';
import { isLoopback } from '../gate/host-rule.js';
import { consoleLogger } from '../host/console-logger.js';
import { atLevel } from '../host/log-level.js';
import { digest, makeId } from '../host/make-id.js';
import { memory } from '../host/memory.js';
import { createNodeClock } from '../host/node-clock.js';
import { ReaderHost } from '../readers/reader-host.js';
import { readerRoutes } from '../readers/reader-request.js';
import { RequestHost } from '../requests/request-host.js';
import { RequestQueues } from '../requests/request-queues.js';
import { ScriptHost } from '../requests/script-host.js';
import { type ServerCore, createServerCore } from './server-core.js';
import type { ServerOptions } from './server-options.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** The parts of a server that are the same on whatever accepts its connections. */
export interface ServerParts<C extends Channels, H extends ClientCalls> {
  readonly core: ServerCore<C, H>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** That of the endpoint, normalised. */
  readonly path: string;
  readonly gate: Gate;
  readonly capacity: Capacity;
  readonly queues: RequestQueues;
  readonly requests: RequestHost;
  readonly maxConnections: number;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
  /** Requests of clients, and for scripts. Returns whether it took the request. */
  readonly handleEndpoint: Handler;
  /** All that is answered over HTTP. */
  readonly handleRequest: HttpApi;
  /** Says that everybody may read and publish, if that is so for a server that listens there. */
  warnIfOpen(address: AddressInfo | string | null): void;
}

/** Throws `TypeError` or `RangeError` on an option that `serverRules` leaves to those who take it. */
export function createServerParts<C extends Channels, Claims, H extends ClientCalls>(
  options: ServerOptions<C, Claims, H>,
): ServerParts<C, H> {
  const path = normalizePath(options.path ?? '/longwave', 'path');
  const { store = memory() } = options;
  const logger = atLevel(options.logger ?? consoleLogger, options.logLevel ?? (options.logger ? 'info' : 'warn'));
  const clock = createNodeClock();
  const label = options.label ?? `${hostname()}:${process.pid}`;
  const core = createServerCore(options, { store, clock, random: Math.random, makeId, digest, logger, label });
  const { engine } = core;
  const { allowedOrigins, allowedHosts, maxConnections = 100_000, trustProxy } = options;
  const { publicHistory = !options.authenticate && ![options.on].flat().some((hooks) => hooks?.connect) } = options;
  const capacity = new Capacity(engine, maxConnections);
  const queues = new RequestQueues();
  const proxies = trustProxy ?? 0;
  const gate = new Gate({ allowedOrigins, allowedHosts, logger });
  const requests = new RequestHost({ engine, clock, path, gate, capacity, queues, proxies: trustProxy, logger });
  const { basePath = '' } = options.http ?? {};
  const readers = new ReaderHost({ engine, makeId, logger, basePath, gate, capacity, queues, proxies, publicHistory });
  const script = options.script === false ? undefined : new ScriptHost({ path, gate, logger });
  const api = createHttpApi(engine, { apiKeys: [], logger, ...options.http }, { gate, scripts: script?.path });
  const handleEndpoint: Handler = (request, response) =>
    requests.handle(request, response) || (script?.handle(request, response) ?? false);
  const handleRequest: HttpApi = Object.assign(
    (request: IncomingMessage, response: ServerResponse) =>
      handleEndpoint(request, response) || readers.handle(request, response) || api(request, response),
    { routes: [...readerRoutes(basePath), ...api.routes], readMetrics: api.readMetrics },
  );
  return {
    core,
    clock,
    logger,
    path,
    gate,
    capacity,
    queues,
    requests,
    maxConnections,
    proxies,
    handleEndpoint,
    handleRequest,
    warnIfOpen(address) {
      if (options.authenticate || options.authorize || isLoopback(address)) return;
      warn(
        logger,
        'Everybody who reaches this server may read and publish: it has neither authenticate nor authorize, and it listens on more than loopback.',
      );
    },
  };
}
