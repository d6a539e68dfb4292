import type { DeflateAgreement } from './deflate-negotiation.js';
import { fieldValue, type HeaderFields } from './headers.js';
import { negotiate } from './negotiate.js';
import type { AcceptOptions } from './server-handshake.js';

export interface ConnectAccepted {
  readonly accepted: true;
  /** Of the response with status 200. */
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string | undefined;
  /** For the connection's constructor. */
  readonly deflate: DeflateAgreement | undefined;
}

export interface ConnectRefused {
  readonly accepted: false;
  readonly status: 400 | 405 | 501;
  /** What was wrong, for a log and for the body. Holds nothing of the request. */
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The server's side of the opening handshake over HTTP/2 (RFC 8441 §5): an extended CONNECT, whose pseudo-headers are among
 * `headers`. There is no key and no Upgrade; what is negotiated is the same. Never throws for a request.
 */
export function acceptConnect(
  headers: HeaderFields,
  options?: Pick<AcceptOptions, 'protocols' | 'deflate'>,
): ConnectAccepted | ConnectRefused {
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
  return {
    accepted: true,
    headers: {
      ...(protocol !== undefined && { 'sec-websocket-protocol': protocol }),
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
