import { acceptKey } from './accept-key.js';
import { isHandshakeKey } from './base64.js';
import type { DeflateAgreement, DeflateWish } from './deflate-negotiation.js';
import { fieldValue, formatExtraFields, formatFields, type HeaderFields, listHolds } from './headers.js';
import { negotiate } from './negotiate.js';
import type { CryptoPort } from '../ports.js';

export interface HandshakeRequest {
  readonly method?: string | undefined;
  /** `1.1`, as Node's `IncomingMessage.httpVersion`. */
  readonly httpVersion: string;
  readonly headers: HeaderFields;
}

export interface AcceptOptions {
  /** The subprotocols spoken, the preferred one first. Default none. */
  readonly protocols?: readonly string[];
  /** Grant permessage-deflate when it is offered. Default false. */
  readonly deflate?: DeflateWish | false;
  /** Further fields of the 101 response. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HandshakeAccepted {
  readonly accepted: true;
  /** The response to write: ASCII, or Latin-1 where `options.headers` is. */
  readonly head: string;
  readonly protocol: string | undefined;
  /** For the connection's constructor. */
  readonly deflate: DeflateAgreement | undefined;
}

export interface HandshakeRefused {
  readonly accepted: false;
  readonly status: 400 | 405 | 426;
  /** The fault, for a log and for the body. Holds nothing of the request. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A complete HTTP/1.1 response with `reason` as its body, after which the host closes. */
  readonly response: string;
}

/**
 * The server's side of the opening handshake (RFC 6455 §4.2). Whether the origin and the user may connect is the host's to
 * decide, before or after. Never throws for a request; throws `bad-option` for bad options.
 */
export function acceptHandshake(
  request: HandshakeRequest,
  crypto: Pick<CryptoPort, 'sha1Base64'>,
  options?: AcceptOptions,
): HandshakeAccepted | HandshakeRefused {
  const { headers } = request;
  if (request.method !== 'GET') return refuse(405, 'a WebSocket handshake is a GET request', { Allow: 'GET' });
  if (!/^1\.[1-9]$/.test(request.httpVersion)) return refuse(400, 'a WebSocket handshake needs HTTP/1.1');
  if (fieldValue(headers, 'host') === undefined) return refuse(400, 'the Host header is missing');
  if (!listHolds(fieldValue(headers, 'upgrade'), 'websocket')) {
    return refuse(426, 'this address speaks WebSocket: the Upgrade header must hold "websocket"', UPGRADE_REQUIRED);
  }
  if (!listHolds(fieldValue(headers, 'connection'), 'upgrade')) {
    return refuse(400, 'the Connection header must hold "Upgrade"');
  }
  if (fieldValue(headers, 'sec-websocket-version') !== '13') {
    return refuse(426, 'the only WebSocket version spoken is 13', UPGRADE_REQUIRED);
  }
  const key = fieldValue(headers, 'sec-websocket-key');
  if (key === undefined || !isHandshakeKey(key)) {
    return refuse(400, 'Sec-WebSocket-Key must be one value, 16 bytes in base64');
  }

  const agreement = negotiate(headers, options);
  if (typeof agreement === 'string') return refuse(400, agreement);
  const { protocol, deflate } = agreement;
  const head =
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptKey(key, crypto)}\r\n` +
    (protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`) + // one of those offered: a token
    (deflate === undefined ? '' : `Sec-WebSocket-Extensions: ${deflate.header}\r\n`) +
    formatExtraFields(options?.headers) +
    '\r\n';
  return { accepted: true, head, protocol, deflate: deflate?.agreement };
}

/** RFC 6455 §4.4, and RFC 9110 §15.5.22: a 426 names the protocol it asks for. */
const UPGRADE_REQUIRED = { Connection: 'close, Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' } as const;
const REASON_PHRASE = { 400: 'Bad Request', 405: 'Method Not Allowed', 426: 'Upgrade Required' } as const;

function refuse(
  status: HandshakeRefused['status'],
  reason: string,
  extra: Readonly<Record<string, string>> = {},
): HandshakeRefused {
  const headers = {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': String(reason.length + 1), // reasons are ASCII
    ...extra,
  };
  const response = `HTTP/1.1 ${status} ${REASON_PHRASE[status]}\r\n${formatFields(headers)}\r\n${reason}\n`;
  return { accepted: false, status, reason, headers, response };
}
