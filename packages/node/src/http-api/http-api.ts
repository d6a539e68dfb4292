import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { type HttpBindings, getRequestListener } from '@hono/node-server';
import { type Duration, readDuration } from '@longwave/protocol';
import type { Engine, Logger } from '@longwave/core';
import { Hono } from 'hono';
import { type Gate, refusalReasons } from '../gate/gate.js';
import { refuse } from '../http/refuse.js';
import { routedTarget } from '../http/query-form.js';
import { type Route, isPlainPath, targetOf } from '../http/target.js';
import { ApiKeys } from './api-keys.js';
import { type Metrics, type MetricsSnapshot, createMetrics } from './metrics.js';
import { HttpProblem, problemBody, problemMediaType, problemOf } from '../http/problem.js';
import { type Readiness, createReadiness } from './readiness.js';
import { createV1Routes } from './v1-routes.js';

/** Options of the HTTP API. */
export interface HttpApiOptions {
  /** Keys, each of which gives access to `/v1`. Without any, all of `/v1` answers 403. */
  readonly apiKeys: readonly string[];
  readonly logger: Logger;
  /** Prefix of every path, such as `/realtime`. Default: none. */
  readonly basePath?: string;
  /** Readers of `/metrics`: everybody, holders of an API key, or nobody (404). Default `open`. */
  readonly metrics?: 'open' | 'key' | 'off';
  /**
   * Returns the figures of all processes that share one address, `own` of this process included. Default: `own` alone.
   * `longwave serve --workers` has its own.
   */
  readonly gatherMetrics?: (own: MetricsSnapshot) => Promise<readonly MetricsSnapshot[]>;
  /** Most bytes of a request's body. Default 1 MiB. */
  readonly bodyBytes?: number;
  /** Time for a body to arrive, as text or milliseconds. Default `'10s'`. */
  readonly bodyTimeout?: Duration;
  /** Time for the readiness probe to be delivered, as text or milliseconds. Default `'2s'`. */
  readonly probeTimeout?: Duration;
}

/** The server that the API is a part of. */
interface ApiHost {
  /** Default: every host name is admitted. */
  readonly gate?: Pick<Gate, 'admitsHost'>;
  /** Path of the client's scripts without their extension. Default: none are served. */
  readonly scripts?: string | undefined;
}

/** Handles a request if its path is one of the API's. Returns whether it did. */
export interface HttpApi {
  (request: IncomingMessage, response: ServerResponse): boolean;
  readonly routes: readonly Route[];
  /** The figures of this process, for another that gathers them. */
  readonly readMetrics: () => Promise<MetricsSnapshot>;
}

/**
 * The HTTP API for back ends under `/v1`, with `/healthz`, `/readyz` and `/metrics` for operators.
 * Throws `RangeError` on an API key or a base path that cannot be one.
 */
export function createHttpApi(engine: Engine, options: HttpApiOptions, { gate, scripts }: ApiHost = {}): HttpApi {
  const { logger, basePath = '', metrics: access = 'open', bodyBytes = 1024 * 1024 } = options;
  const { bodyTimeout = '10s', probeTimeout = '2s' } = options;
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath)) throw new RangeError(`Not a base path: '${basePath}'.`);
  const keys = new ApiKeys(options.apiKeys, () => performance.now());
  const readiness = createReadiness(engine, {
    logger,
    now: () => performance.now(),
    timeoutMs: readDuration(probeTimeout),
    cacheMs: 1000,
  });
  const failed = (error: unknown): void => logger.error('A request of the HTTP API failed.', error);
  let metrics: Metrics | undefined;
  // At the first reading: a server that is never asked watches nothing.
  const readMetrics = (): Promise<MetricsSnapshot> => (metrics ??= createMetrics(engine)).snapshot();

  const app = new Hono<{ Bindings: HttpBindings }>();
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
    context.header('x-content-type-options', 'nosniff');
  });
  app.get(`${basePath}/healthz`, (context) => context.json({ status: 'alive' }));
  app.get(`${basePath}/readyz`, async (context) => {
    const result = await readiness();
    return context.json(result, statusOf(result));
  });
  app.get(`${basePath}/metrics`, async (context) => {
    if (access === 'off') throw new HttpProblem('unknown-method', 'The metrics are off.');
    if (access === 'key') {
      if (keys.isEmpty) throw new HttpProblem('forbidden', 'The metrics are off: the server has no API key.');
      keys.check(context.req.header('authorization'), context.env.incoming.socket.remoteAddress);
    }
    const own = await readMetrics();
    const { gatherMetrics = async () => [own] } = options;
    const text = await metrics!.format(await gatherMetrics(own));
    return context.body(text, 200, { 'content-type': metrics!.contentType });
  });
  app.route(
    `${basePath}/v1`,
    createV1Routes(engine, {
      keys,
      body: { bytes: bodyBytes, timeoutMs: readDuration(bodyTimeout) },
      failed,
      basePath,
      scripts,
    }),
  );

  // Middleware stands in the list as well, under every method.
  const routes = app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, path }));
  app.notFound((context) => {
    const allowed = allowedMethods(routes, context.req.path);
    const problem =
      allowed.length === 0
        ? new HttpProblem('unknown-method', 'There is nothing at this path.')
        : new HttpProblem('unknown-method', `This path takes ${allowed.join(', ')}.`, 405);
    const headers = {
      'content-type': problemMediaType,
      ...(allowed.length > 0 && { allow: allowed.join(', ') }),
    };
    return Response.json(problemBody(problem), { status: problem.status, headers });
  });
  app.onError((error, context) => {
    const problem = problemOf(error);
    if (!problem) failed(error);
    const told = problem ?? new HttpProblem('internal');
    const headers = new Headers({ 'content-type': problemMediaType });
    if (told.status === 401) headers.set('www-authenticate', 'Bearer');
    if (told.status === 503 || told.status === 429) headers.set('retry-after', retryAfter(told));
    // The unread rest of a body must not be taken for the next request.
    const { readableEnded, httpVersionMajor } = context.env.incoming;
    if (!readableEnded && httpVersionMajor < 2) headers.set('connection', 'close');
    return Response.json(problemBody(told), { status: told.status, headers });
  });

  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
    // Health checks often speak HTTP/1.0 and name no host: HAProxy's do.
    hostname: 'localhost',
  });
  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { path, query } = targetOf(request);
    if (!isOurs(path, basePath)) return false;
    const routed = routedTarget({ path: path.slice(basePath.length), query });
    // Hono would resolve `/v1/../metrics`, which a proxy lets through as something below `/v1`.
    const problem = !isPlainPath(path)
      ? new HttpProblem('unknown-method', 'The path is not in its plain form.')
      : gate && !gate.admitsHost(request) && new HttpProblem('forbidden', refusalReasons.host);
    if (problem) refuse(response, problem, { unread: true });
    else {
      if (routed.named !== '') request.url = `${basePath}${routed.path}${routed.query && `?${routed.query}`}`;
      void listener(request, response);
    }
    return true;
  };
  return Object.assign(handle, { routes, readMetrics });
}

const ours = /^\/(?:v1|healthz|readyz|metrics)(?:\/|$)/;

function isOurs(path: string, basePath: string): boolean {
  return path.startsWith(basePath) && ours.test(path.slice(basePath.length));
}

/** Seconds. */
function retryAfter({ retryAfterMs = 1000 }: HttpProblem): string {
  return String(Math.ceil(retryAfterMs / 1000));
}

function statusOf(readiness: Readiness): 200 | 503 {
  return readiness.status === 'ready' ? 200 : 503;
}

/** The methods that the path does take. */
function allowedMethods(routes: readonly Route[], path: string): string[] {
  const fits = (pattern: string): boolean => {
    const parts = pattern.split('/');
    const values = path.split('/');
    return parts.length === values.length && parts.every((part, i) => part.startsWith(':') || part === values[i]);
  };
  const methods = routes.filter(({ path: pattern }) => fits(pattern)).map(({ method }) => method);
  return [...new Set(methods)];
}
