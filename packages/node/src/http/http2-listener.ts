import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  createServer,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** Streams that a connection may have open: requests and WebSockets together. */
const maxStreams = 256;
/** Milliseconds of silence after which a peer is asked to come back by another connection. Heartbeats are none. */
const idleMs = 120_000;

/** Handlers for the streams of an HTTP/2 connection. */
export interface Http2Handlers {
  request(request: IncomingMessage, response: ServerResponse): void;
  /** An extended CONNECT (RFC 8441). False: nobody wants it. */
  connect(request: IncomingMessage, stream: ServerHttp2Stream): boolean;
}

/** HTTP/2 on connections that somebody else accepts. */
export class Http2Listener {
  readonly #server: Http2Server;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #openingMs: number;
  #stopped = false;

  /** `openingMs`: until the first stream of a connection must have been opened. */
  constructor({ request: onRequest, connect: onConnect }: Http2Handlers, openingMs: number) {
    this.#openingMs = openingMs;
    this.#server = createServer({
      settings: { enableConnectProtocol: true, maxConcurrentStreams: maxStreams },
    });
    this.#server.on('session', (session) => this.#watch(session));
    this.#server.on('request', (request, response) => onRequest(...likeHttp1(request, response)));
    this.#server.on('connect', (request: Http2ServerRequest, response: Http2ServerResponse) => {
      // The compatible objects only look on: the stream is what carries frames.
      const [like1] = likeHttp1(request, response);
      if (!onConnect(like1, request.stream)) request.stream.respond({ ':status': 404 }, { endStream: true });
    });
  }

  /** Serves a connection whose TLS handshake agreed on `h2`. */
  accept(socket: TLSSocket): void {
    this.#server.emit('connection', socket);
  }

  /** GOAWAY: open streams go on to their end, and new ones are opened elsewhere, or over another connection. */
  leave(): void {
    for (const session of this.#sessions) session.close();
  }

  /** Connections that come from now on are left at once. */
  stop(): void {
    this.#stopped = true;
    this.leave();
  }

  #watch(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    const opening = setTimeout(() => session.destroy(), this.#openingMs).unref();
    session.once('stream', () => clearTimeout(opening));
    session.once('close', () => {
      clearTimeout(opening);
      this.#sessions.delete(session);
    });
    // 'close' follows.
    session.on('error', () => undefined);
    session.setTimeout(idleMs, () => session.close());
    if (this.#stopped) session.close();
  }
}

/**
 * Node's HTTP/2 objects stand in for those of HTTP/1. HTTP/2 has no Host header, by which origins are checked and which
 * applications read: the authority takes its place (RFC 9113 §8.3.1).
 */
function likeHttp1(request: Http2ServerRequest, response: Http2ServerResponse): [IncomingMessage, ServerResponse] {
  const authority = request.headers[':authority'];
  if (authority !== undefined) request.headers.host = authority;
  return [request as unknown as IncomingMessage, response as unknown as ServerResponse];
}
