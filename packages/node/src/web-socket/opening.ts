import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type AcceptOptions,
  type DeflateAgreement,
  type HandshakeAccepted,
  acceptConnect,
  acceptHandshake,
} from '@longwave/websocket';
import { createNodePorts } from '@longwave/websocket/node';
import type { RemoteEnd } from '../http/link-info.js';
import { endSoon } from '../http/plug.js';

const ports = createNodePorts();

/** The agreement with a peer that opens a WebSocket. */
export interface Agreement {
  readonly protocol: string | undefined;
  readonly deflate: DeflateAgreement | undefined;
  /** The response, as text for whoever watches. */
  readonly head: string;
  /** The text that the host writes once it is accepted, in Latin-1: the head, or nothing where `accept` has sent it. */
  readonly response: string;
  /** From then on the carrier carries WebSocket frames. */
  accept(): void;
}

/** A request to open a WebSocket, over whichever HTTP. */
export interface Opening {
  readonly request: IncomingMessage;
  /** The carrier of the frames. */
  readonly carrier: Duplex;
  /** The sender of the request. */
  readonly end: RemoteEnd;
  /** Bytes that came after the request already. */
  readonly rest: Uint8Array;
  /** Undefined: the request is none of a WebSocket, and was refused. */
  negotiate(options: AcceptOptions): Agreement | undefined;
  /** Answers and ends. `reason` is for people. */
  refuse(status: number, reason: string, headers?: Readonly<Record<string, string>>): void;
}

/** The reasons there are to refuse, as HTTP/1.1 says them. */
const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  503: 'Service Unavailable',
};

/** An upgrade of a connection (RFC 6455). */
export function upgradeOpening(request: IncomingMessage, carrier: Duplex, rest: Uint8Array): Opening {
  // Until the protocol takes over, a broken connection must not bring the process down.
  carrier.on('error', destroy);
  return {
    request,
    carrier,
    end: carrier as Partial<Socket>,
    rest,
    negotiate(options) {
      const handshake = acceptHandshake(request, ports, options);
      if (handshake.accepted) return upgradeAgreement(handshake, carrier);
      answer(carrier, handshake.response);
      return undefined;
    },
    refuse(status, reason, headers = {}) {
      const lines = Object.entries({
        Connection: 'close',
        'Content-Type': 'text/plain; charset=utf-8',
        'Content-Length': `${reason.length + 1}`,
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      answer(carrier, `HTTP/1.1 ${status} ${phrases[status]}\r\n${lines.join('')}\r\n${reason}\n`);
    },
  };
}

function upgradeAgreement({ head, protocol, deflate }: HandshakeAccepted, carrier: Duplex): Agreement {
  return {
    protocol,
    deflate,
    head,
    response: head,
    accept() {
      carrier.off('error', destroy);
      const socket = carrier as Partial<Socket>;
      socket.setNoDelay?.(true);
      socket.setTimeout?.(0);
    },
  };
}

/** A stream of an HTTP/2 connection, by an extended CONNECT (RFC 8441). */
export function connectOpening(request: IncomingMessage, carrier: ServerHttp2Stream): Opening {
  const respond = (status: number, headers: IncomingHttpHeaders): void => {
    // The peer may have taken the request back.
    if (!carrier.destroyed && !carrier.closed) carrier.respond({ ':status': status, ...headers });
  };
  const opening: Opening = {
    request,
    carrier,
    end: request.socket,
    rest: new Uint8Array(),
    negotiate(options) {
      const result = acceptConnect(request.headers, { ...options, crypto: ports });
      if (!result.accepted) {
        opening.refuse(result.status, result.reason, result.headers);
        return undefined;
      }
      const { protocol, deflate, headers } = result;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = `HTTP/2 200\r\n${lines.join('')}\r\n`;
      return { protocol, deflate, head, response: '', accept: () => respond(200, headers) };
    },
    refuse(status, reason, headers = {}) {
      respond(status, { 'content-type': 'text/plain; charset=utf-8', ...lowerCase(headers) });
      carrier.end(`${reason}\n`);
      carrier.resume();
      endSoon(carrier);
    },
  };
  return opening;
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function destroy(this: Duplex): void {
  this.destroy();
}

function answer(carrier: Duplex, response: string): void {
  carrier.end(response);
  // Throw away anything else that the peer sends, so that the end of the connection is seen.
  carrier.resume();
  endSoon(carrier);
}
