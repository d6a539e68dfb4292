import {
  type ClientRequest,
  Agent as HttpAgent,
  type IncomingMessage,
  type RequestOptions,
  request as httpRequest,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions as TlsOptions, connect as connectTls } from 'node:tls';
import type { Encoded } from '@longwave/protocol';
import { type ForwardProxy, openTunnel, parseForwardProxy } from './forward-proxy.js';

export interface NodeRequestOptions {
  /** A forward proxy: `http://proxy:3128`. */
  readonly proxy?: string;
  /** Further headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `https:`: a CA, a client certificate, as in `node:tls`. */
  readonly tls?: TlsOptions;
}

/** Events of a request. The types here are the client's `PostRequest`: they match by their shape. */
export interface NodeRequestEvents {
  onPiece(piece: Uint8Array): void;
  onEnd(complete: boolean, reason?: string, status?: number): void;
}

export type NodeRequest = (url: string, body: Encoded, events: NodeRequestEvents, limitMs?: number) => () => void;

/**
 * Requests of `streamTransport` and `pollTransport` by `node:http`, where `fetch` is not enough: through a forward
 * proxy, with headers and TLS options. Connections are kept for the next request. Throws `TypeError` on what is no
 * address of a proxy.
 */
export function nodeRequest({ proxy, headers = {}, tls = {} }: NodeRequestOptions = {}): NodeRequest {
  const via = proxy === undefined ? undefined : parseForwardProxy(proxy);
  const plain = new HttpAgent({ keepAlive: true });
  const secure = via ? new TunnelAgent(via, tls) : new HttpsAgent({ ...tls, keepAlive: true });
  return (url, body, events, limitMs) => {
    const target = new URL(url);
    const isSecure = target.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      headers: {
        'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/octet-stream',
        'Content-Length': Buffer.byteLength(body),
        ...headers,
      },
    };
    if (isSecure) return run(httpsRequest(target, { ...options, agent: secure }), body, events, limitMs);
    // The proxy reads from the whole address where to send it (RFC 9112 §3.2.2).
    const detour = via && {
      host: via.host,
      port: via.port,
      path: target.href,
      headers: { ...options.headers, ...via.headers, Host: target.host },
    };
    return run(httpRequest(target, { ...options, ...detour, agent: plain }), body, events, limitMs);
  };
}

function run(
  request: ClientRequest,
  body: Encoded,
  events: NodeRequestEvents,
  limitMs: number | undefined,
): () => void {
  let over = false;
  const end = (complete: boolean, reason?: string, status?: number): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (!complete) request.destroy();
    events.onEnd(complete, reason, status);
  };
  const timer =
    limitMs === undefined ? undefined : setTimeout(() => end(false, `no answer within ${limitMs} ms`), limitMs);
  request.on('response', (response) => {
    const { statusCode = 0 } = response;
    if (statusCode < 200 || statusCode > 299) {
      return readDetail(response, (detail) => end(false, `answered ${statusCode}${detail}`, statusCode));
    }
    response.on('data', (piece: Buffer) => {
      if (over) return;
      try {
        events.onPiece(piece);
      } catch {
        // A message that is too large, or no text: as good as cut off.
        end(false);
      }
    });
    response.on('end', () => end(response.complete));
    response.on('error', () => end(false));
    response.on('close', () => end(response.complete));
  });
  request.on('error', (error) => end(false, error.message));
  request.end(body);
  return () => {
    over = true;
    clearTimeout(timer);
    request.destroy();
  };
}

/** A problem document of ours has less. */
const maxDetailBytes = 4096;

/** Calls back with what a refusal says to people: nothing, unless it is a problem document (RFC 9457). */
function readDetail(response: IncomingMessage, done: (detail: string) => void): void {
  if (!response.headers['content-type']?.includes('problem')) return done('');
  let text = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    if (text.length > maxDetailBytes) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', () => done(detailOf(text)));
}

function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { readonly detail?: unknown };
    return typeof detail === 'string' ? `: ${detail}` : '';
  } catch {
    return '';
  }
}

/** TLS to the server within a tunnel through the proxy. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: ForwardProxy;
  readonly #tls: TlsOptions;

  constructor(proxy: ForwardProxy, tls: TlsOptions) {
    super({ keepAlive: true });
    this.#proxy = proxy;
    this.#tls = tls;
  }

  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const host = String(options.host);
    const fail = (why: string): void => callback?.(new Error(why), undefined as unknown as Duplex);
    openTunnel(this.#proxy, `${isIP(host) === 6 ? `[${host}]` : host}:${options.port ?? 443}`, {
      onOpen: (socket) => {
        const name = isIP(host) === 0 ? { servername: host } : {};
        callback?.(null, connectTls({ ...name, ...this.#tls, host, socket }));
      },
      onFail: fail,
    });
  }
}
