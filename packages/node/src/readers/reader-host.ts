import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Engine, Identity, Logger, MakeId, Wire } from '@longwave/core';
import { LongwaveError, protocolVersion } from '@longwave/protocol';
import { allowOrigin } from '../gate/cors.js';
import { HttpProblem, problemOf } from '../http/problem.js';
import { type Gate, refusalReasons } from '../gate/gate.js';
import { carrierOf, endSoon, endWithPeer, limitBacklog, responseTimeoutMs } from '../http/plug.js';
import type { Capacity } from '../http/capacity.js';
import type { RequestQueues } from '../requests/request-queues.js';
import { EventLink, putOff } from './event-link.js';
import { type EventForm, createReaderWire } from './event-text.js';
import { type Document, boundsDocument, firstOffset, pageDocument, pageSize } from './history-pages.js';
import { type ReaderRoute, infoOf, routeOf, startOf, tokenOf } from './reader-request.js';
import { routedTarget } from '../http/query-form.js';
import { refuse } from '../http/refuse.js';
import { targetOf } from '../http/target.js';

export interface ReaderHostOptions {
  readonly engine: Engine;
  readonly makeId: MakeId;
  readonly logger: Logger;
  /** Before every path, as for the HTTP API. */
  readonly basePath: string;
  readonly gate: Gate;
  readonly capacity: Capacity;
  readonly queues: RequestQueues;
  /** In front, that are trusted to tell the address. */
  readonly proxies: number;
  /** Whether an answer to a reader without a name may be given to every other (READ-10). */
  readonly publicHistory: boolean;
}

/**
 * Readers that speak no Longwave (READ-1 to READ-10): a bare EventSource or curl on `events`, a CDN on `history`. They
 * need no API key: rights are those of a client.
 */
export class ReaderHost {
  readonly #options: ReaderHostOptions;
  readonly #wires: Readonly<Record<EventForm, Wire>> = {
    plain: createReaderWire('plain'),
    envelope: createReaderWire('envelope'),
  };
  constructor(options: ReaderHostOptions) {
    this.#options = options;
  }

  /** False: its path is none of ours, and nothing was done. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { basePath, gate, logger, queues } = this.#options;
    const { path, query: written } = targetOf(request);
    if (!path.startsWith(basePath)) return false;
    const { query, ...target } = routedTarget({ path: path.slice(basePath.length), query: written });
    const route = routeOf(target);
    if (!route) return false;
    const methods = route.to === 'events' ? ['GET'] : ['GET', 'HEAD'];
    const refusal = allowOrigin(request, response, gate, methods);
    if (refusal) refuse(response, new HttpProblem('forbidden', refusalReasons[refusal]));
    else if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (methods.includes(request.method ?? '')) {
      queues.run(request, response, () => {
        this.#answer(route, new URLSearchParams(query), request, response).catch((error: unknown) => {
          const problem = problemOf(error);
          if (!problem) logger.error('A request of a reader failed.', error);
          if (response.headersSent) return void response.destroy();
          const retryAfterMs = error instanceof LongwaveError ? error.retryAfterMs : undefined;
          if (retryAfterMs !== undefined) response.setHeader('Retry-After', Math.ceil(retryAfterMs / 1000));
          refuse(response, problem ?? new HttpProblem('internal'));
        });
      });
    } else {
      response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
      refuse(response, new HttpProblem('unknown-method', `This path takes ${methods.join(', ')}.`, 405));
    }
    return true;
  }

  async #answer(
    route: ReaderRoute,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { engine, capacity } = this.#options;
    if (route.to === 'events') {
      if (!engine.accepting) return putOff(response, 'going-away');
      if (capacity.isFull) return putOff(response, 'unavailable', 5000);
      return this.#stream(route.channel, query, request, response);
    }
    if (capacity.isFull) throw new HttpProblem('unavailable');
    capacity.others++;
    try {
      await this.#history(route, request, response);
    } finally {
      capacity.others--;
    }
  }

  #stream(channel: string, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const { engine, makeId } = this.#options;
    const token = tokenOf(request);
    const start = startOf(request, query);
    limitBacklog(carrierOf(response));
    endWithPeer(response);
    const link = new EventLink(this.#wires[query.get('envelope') === '1' ? 'envelope' : 'plain'], response);
    const session = engine.accept(link, infoOf(request, 'events', this.#options.proxies));
    response.on('drain', () => session.drained());
    response.on('close', () => session.closed());
    // 'close' follows.
    response.on('error', () => undefined);
    session.take([
      { type: 'connect', version: protocolVersion, client: makeId(), token },
      { type: 'subscribe', id: 1, channel, ...start },
    ]);
  }

  async #history(route: Exclude<ReaderRoute, { to: 'events' }>, request: IncomingMessage, response: ServerResponse) {
    const { engine } = this.#options;
    const visitor = { token: tokenOf(request), info: infoOf(request, 'history', this.#options.proxies) };
    const first = route.to === 'page' ? firstOffset(route.first) : undefined;
    const query = first === undefined ? { limit: 1 } : { after: first - 1, limit: pageSize };
    const visit = await engine.readAs(visitor, route.channel, query);
    const document =
      route.to === 'page' ? pageDocument(route, firstOffset(route.first), visit) : boundsDocument(route, visit.page);
    await give(document, audienceOf(request, visit.identity, this.#options.publicHistory), request, response);
  }
}

/** The readers to whom an answer may be given, as far as the request tells. */
type Audience = 'everybody' | 'credentials' | 'unknown';

/**
 * READ-10: nothing that was told to somebody in particular may be kept for all. Only the application knows what
 * `authenticate` and the connect hook look at: it may be a header of its own, an address or a certificate. So an answer
 * is for everybody only where there are neither, or where the application says so.
 */
function audienceOf({ headers }: IncomingMessage, { user, claims, expiresAt }: Identity, isPublic: boolean): Audience {
  if (headers.authorization !== undefined || headers.cookie !== undefined) return 'credentials';
  const isAnonymous = user === undefined && claims === undefined && expiresAt === undefined;
  return isPublic && isAnonymous ? 'everybody' : 'unknown';
}

async function give(
  { etag, immutable, body }: Document,
  audience: Audience,
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Readers cannot be told apart: the next user of the same browser must not get this answer from its cache.
  const kept = immutable ? 'max-age=31536000, immutable' : 'max-age=1';
  const age = audience === 'unknown' ? 'no-cache' : kept;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', `${audience === 'everybody' ? 'public' : 'private'}, ${age}`);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (audience !== 'everybody') response.appendHeader('Vary', 'Authorization, Cookie');
  if (isKnown(headers['if-none-match'], etag)) return void response.writeHead(304).end();
  response.setHeader('Content-Type', 'application/json');
  if (method === 'HEAD') return void response.end();
  await send(body(), response);
}

/** RFC 9110 §13.1.2: compared weakly. */
function isKnown(condition: string | undefined, etag: string): boolean {
  const known = condition?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known !== undefined && (known.includes(etag) || known.includes('*'));
}

/** The memory that a client holds by reading slowly is bounded, and so is the time. */
async function send(body: Readable, response: ServerResponse): Promise<void> {
  endSoon(response, responseTimeoutMs);
  try {
    await pipeline(body, response);
  } catch {
    // The client has gone: there is nobody to tell.
  }
}
