import { acceptKey } from './accept-key.js';
import { isHandshakeKey } from './base64.js';
import type { DeflateAgreement } from './deflate-negotiation.js';
import { fieldValue, type HeaderFields } from './headers.js';
import { negotiate } from './negotiate.js';
import type { CryptoPort } from '../ports.js';
import type { AcceptOptions } from './server-handshake.js';

export interface ConnectAccepted {
  readonly accepted: true;
  /** Headers of the response with status 200. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string | undefined;
  /** For the connection's constructor. */
  readonly deflate: DeflateAgreement | undefined;
}

export interface ConnectOptions extends Pick<AcceptOptions, 'protocols' | 'deflate'> {
  /** To answer a key. Default: none is answered. */
  readonly crypto?: Pick<CryptoPort, 'sha1Base64'>;
}

export interface ConnectRefused {
  readonly accepted: false;
  readonly status: 400 | 405 | 501;
  /** The fault, for a log and for the body. Holds nothing of the request. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The server's side of the opening handshake over HTTP/2 (RFC 8441 §5): an extended CONNECT, whose pseudo-headers are among
 * `headers`. There is no Upgrade, and no key either; what is negotiated is the same. With `crypto` a key is answered all the
 * same: the WebSocket of Node 26 sends one and holds the answer against it. Never throws for a request.
 */
export function acceptConnect(headers: HeaderFields, options?: ConnectOptions): ConnectAccepted | ConnectRefused {
  if (headers[':method'] !== 'CONNECT') return refuse(405, 'a WebSocket handshake over HTTP/2 is a CONNECT request');
  // RFC 9220 §3, which says of HTTP/3 what RFC 8441 left open.
  if (headers[':protocol'] !== 'websocket') return refuse(501, 'the only :protocol spoken is websocket');
  if (headers[':scheme'] === undefined || headers[':path'] === undefined) {
    return refuse(400, 'an extended CONNECT has :scheme and :path');
  }
  if (fieldValue(headers, 'sec-websocket-version') !== '13') {
    return refuse(400, 'the only WebSocket version spoken is 13', { 'sec-websocket-version': '13' });
  }
  const agreement = negotiate(headers, options);
  if (typeof agreement === 'string') return refuse(400, agreement);
  const { protocol, deflate } = agreement;
  const key = options?.crypto && fieldValue(headers, 'sec-websocket-key');
  return {
    accepted: true,
    headers: {
      ...(protocol !== undefined && { 'sec-websocket-protocol': protocol }),
      ...(key !== undefined && isHandshakeKey(key) && { 'sec-websocket-accept': acceptKey(key, options!.crypto!) }),
      ...(deflate && { 'sec-websocket-extensions': deflate.header }),
    },
    protocol,
    deflate: deflate?.agreement,
  };
}

function refuse(
  status: ConnectRefused['status'],
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): ConnectRefused {
  return { accepted: false, status, reason, headers };
}
