import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  type Chunk,
  type Clock,
  type Engine,
  type Logger,
  type PollAnswer,
  PollLink,
  type PollOptions,
  type Session,
  StreamLink,
  type Wire,
  createEventWire,
  createPollWire,
} from '@longwave/core';
import { type CodecName, type Encoded, wireLimits } from '@longwave/protocol';
import { allowOrigin } from '../gate/cors.js';
import { type Gate, refusalReasons } from '../gate/gate.js';
import type { Capacity } from '../http/capacity.js';
import { DirectRequests } from './direct-requests.js';
import { HalfBodies } from './half-bodies.js';
import { readPlainRequest } from './plain-request.js';
import { joinChunks } from './direct-answer.js';
import { answerFields, codecOf, pollOptions, toMessage, upstreamMs } from './request-options.js';
import { LinkInfo } from '../http/link-info.js';
import { HttpProblem, problemOf } from '../http/problem.js';
import { readBytes } from '../http/read-json.js';
import type { RequestQueues } from './request-queues.js';
import { refuse } from '../http/refuse.js';
import { carrierOf, endSoon, endWithPeer, limitBacklog, responseTimeoutMs } from '../http/plug.js';
import { targetOf } from '../http/target.js';

/** Purposes of a request: the last part of its path (HTTP-1). */
const routes = ['stream', 'poll', 'send'] as const;
type Route = (typeof routes)[number];

/** The purpose of a request, by its path and its query. */
interface RequestTarget {
  readonly route: Route;
  readonly codec: CodecName;
  readonly poll: PollOptions;
}

export interface RequestHostOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  /** That of the WebSocket endpoint; requests go to paths below it. */
  readonly path: string;
  readonly gate: Gate;
  readonly capacity: Capacity;
  readonly queues: RequestQueues;
  /** In front, that are trusted to tell the address. Undefined: nobody said. */
  readonly proxies: number | undefined;
  readonly logger: Logger;
}

/**
 * Longwave over plain HTTP requests (HTTP-1 to HTTP-6), for networks through which no WebSocket passes. Each request is
 * a session of its own: any node can serve it.
 */
export class RequestHost {
  readonly #options: RequestHostOptions;
  readonly #wires: Readonly<Record<CodecName, Wire>> = {
    json: createEventWire('json'),
    binary: createEventWire('binary'),
  };

  readonly #pollWires: Readonly<Record<CodecName, Wire>> = {
    json: createPollWire('json'),
    binary: createPollWire('binary'),
  };

  readonly #halfBodies = new HalfBodies();
  #toldOfProxy = false;

  constructor(options: RequestHostOptions) {
    this.#options = options;
  }

  /** False: its path is none of ours, and nothing was done. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { path, gate, queues } = this.#options;
    const target = targetOf(request);
    if (target.path === (path || '/')) {
      refuseOrdinary(request, response);
      return true;
    }
    const route = routes.find((name) => target.path === `${path}/${name}`);
    if (!route) return false;
    const refusal = allowOrigin(request, response, gate, ['POST']);
    if (refusal) refuseRequest(response, new HttpProblem('forbidden', refusalReasons[refusal]));
    else if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (request.method === 'POST') {
      queues.run(request, response, () => this.#post(route, new URLSearchParams(target.query), request, response));
    } else {
      response.setHeader('Allow', 'POST, OPTIONS');
      refuseRequest(response, new HttpProblem('unknown-method', 'This path takes POST.', 405));
    }
    return true;
  }

  #post(route: Route, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): void {
    const { engine, capacity } = this.#options;
    const codec = codecOf(query);
    if (codec === undefined) {
      return refuseRequest(response, new HttpProblem('bad-frame', "codec must be 'json' or 'binary'."));
    }
    const retry = (code: 'going-away' | 'unavailable', seconds: string): void => {
      response.setHeader('Retry-After', seconds);
      refuseRequest(response, new HttpProblem(code));
    };
    if (!engine.accepting) return retry('going-away', '1');
    if (capacity.isFull) return retry('unavailable', '5');
    // Not `response.closed`: HTTP/2 does not know it.
    let gone = false;
    response.once('close', () => (gone = true));
    const { messageBytes } = engine.limits;
    const { connectBytes, downstreamMessages } = wireLimits;
    const bytes = route === 'send' ? messageBytes + connectBytes : messageBytes * downstreamMessages;
    capacity.others++;
    this.#halfBodies.begin(request);
    const read = readBytes(request, { bytes, timeoutMs: engine.limits.connectTimeoutMs }).finally(() => {
      capacity.others--;
      this.#halfBodies.end(request);
    });
    read.then(
      (body) => {
        const message = toMessage(body, codec);
        if (message === undefined) refuseRequest(response, new HttpProblem('bad-frame', 'The body is not UTF-8.'));
        else if (!gone) this.#open({ route, codec, poll: pollOptions(query) }, message, request, response);
      },
      (error: unknown) => refuseRequest(response, problemOf(error) ?? new HttpProblem('internal')),
    );
  }

  #open(
    { route, codec, poll }: RequestTarget,
    message: Encoded,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const { engine, proxies } = this.#options;
    for (const [name, value] of answerFields(codec)) response.setHeader(name, value);
    const { headers, socket } = request;
    limitBacklog(carrierOf(response));
    const info = new LinkInfo(route, headers, socket, proxies);
    if (proxies === undefined && headers['x-forwarded-for'] !== undefined) this.#tellOfProxy();
    let session: Session;
    if (route === 'poll') {
      const link = new PollLink(this.#pollWires[codec], poll, whole(response));
      session = link.session = engine.accept(link, info);
    } else {
      // The head at once: by it the client tells a proxy that keeps responses back.
      if (route === 'stream') response.flushHeaders();
      endWithPeer(response);
      session = engine.accept(
        new StreamLink(this.#wires[codec], route === 'send' ? 'upstream' : 'downstream', pieces(response)),
        info,
      );
    }
    // 'close' follows.
    response.on('error', () => undefined);
    const timer = route === 'send' ? setTimeout(() => session.end('timeout'), upstreamMs).unref() : undefined;
    response.on('drain', () => session.drained());
    response.on('close', () => {
      clearTimeout(timer);
      session.closed();
    });
    session.receive(message);
  }

  /** Serves polls and sends from their sockets; `passOn` takes a socket whose request is another. */
  direct(passOn: (socket: Socket, unread: Buffer) => void): DirectRequests {
    const { engine, clock, capacity, path, gate, proxies } = this.#options;
    return new DirectRequests({
      engine,
      clock,
      capacity,
      passOn,
      read: (head, socket) => {
        const request = readPlainRequest(head, socket, { path, gate, proxies });
        if (request && proxies === undefined && head.headers['x-forwarded-for'] !== undefined) this.#tellOfProxy();
        return request;
      },
      accept: ({ route, codec, poll, info, infoWithoutHeaders }, answer) => {
        if (route === 'send') return engine.accept(new StreamLink(this.#wires[codec], 'upstream', answer), info);
        const link = new PollLink(this.#pollWires[codec], poll, answer, infoWithoutHeaders);
        return (link.session = engine.accept(link, info));
      },
    });
  }

  #tellOfProxy(): void {
    if (this.#toldOfProxy) return;
    this.#toldOfProxy = true;
    this.#options.logger.info(
      'A request came with X-Forwarded-For, and trustProxy is not set: new clients without a user share the rate of one address.',
    );
  }
}

function pieces(response: ServerResponse): { write(bytes: Uint8Array): boolean; end(): void } {
  return { write: (bytes) => response.write(bytes), end: () => end(response) };
}

/** Everything in one piece, with its length: nothing in between has a reason to keep it. */
function whole(response: ServerResponse): PollAnswer {
  return { answer: (chunks) => end(response, joinChunks(chunks)) };
}

/** A peer that does not read must not hold the response for ever. */
function end(response: ServerResponse, last?: Chunk): void {
  response.end(last);
  if (response.writableLength > 0) endSoon(response, responseTimeoutMs);
}

/**
 * An ordinary request where WebSockets connect (RFC 9110 §15.5.22): as a rule an upgrade from which a proxy took the
 * header, and whoever looks for the reason should find it. HTTP/2 has no upgrades.
 */
function refuseOrdinary({ httpVersionMajor }: IncomingMessage, response: ServerResponse): void {
  if (httpVersionMajor > 1) {
    response.setHeader('Allow', 'CONNECT');
    return refuseRequest(response, new HttpProblem('unknown-method', 'This path takes WebSockets.', 405));
  }
  response.setHeader('Upgrade', 'websocket');
  refuseRequest(
    response,
    new HttpProblem('bad-frame', 'This path takes WebSocket upgrades, and no Upgrade header came.', 426),
  );
}

function refuseRequest(response: ServerResponse, problem: HttpProblem): void {
  refuse(response, problem, { unread: true });
}
