import { acceptKey } from './accept-key.js';
import { encodeBase64 } from './base64.js';
import {
  type DeflateAgreement,
  type DeflateWish,
  formatDeflateOffer,
  PERMESSAGE_DEFLATE,
  resolveDeflateWish,
  verifyDeflateResponse,
} from './deflate-negotiation.js';
import { isToken, parseExtensions } from './extension-header.js';
import { formatExtraFields, listHolds } from './headers.js';
import type { CryptoPort } from '../ports.js';
import { parseResponseHead, type ResponseHead } from './response-head.js';
import { WebSocketError } from '../websocket-error.js';

export interface ClientHandshakeOptions {
  /** The Host header: `example.com` or `example.com:8080`. */
  readonly host: string;
  /** Path and query, default `/`. */
  readonly path?: string;
  readonly protocols?: readonly string[];
  /** Offer permessage-deflate. Default false. */
  readonly deflate?: DeflateWish | false;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 16 KiB: a longer response head fails the handshake. */
  readonly maxHeadBytes?: number;
}

export type ClientHandshakeResult =
  | { readonly kind: 'incomplete' }
  | {
      readonly kind: 'accepted';
      readonly protocol: string | undefined;
      readonly deflate: DeflateAgreement | undefined;
      /** Bytes after the head: the first ones for `WebSocketConnection.receive`. A view of the last chunk. */
      readonly rest: Uint8Array;
    }
  | {
      readonly kind: 'failed';
      readonly error: WebSocketError;
      /** The response's status when it was a well-formed answer other than 101, such as 401 or a redirect. */
      readonly status: number | undefined;
    };

const INCOMPLETE: ClientHandshakeResult = { kind: 'incomplete' };

/**
 * The client's side of the opening handshake (RFC 6455 §4.1): write `request`, then feed what comes to `receive` until it
 * is not `incomplete`. This object is the state CONNECTING; a `WebSocketConnection` exists from `accepted` on.
 */
export class ClientHandshake {
  /** The request to write: ASCII. */
  readonly request: string;
  readonly #expectedAccept: string;
  readonly #protocols: readonly string[];
  readonly #wish: DeflateAgreement | undefined;
  readonly #maxHeadBytes: number;
  #head = '';

  /** Throws `bad-option`. */
  constructor(options: ClientHandshakeOptions, crypto: CryptoPort) {
    const { host, path = '/', protocols = [] } = options;
    if (!/^\/[\x21-\x7e]*$/.test(path) || path.includes('#')) {
      throw new WebSocketError('bad-option', `not a request path (it must begin with / and be encoded): ${path}`);
    }
    if (!/^[\x21-\x7e]+$/.test(host)) throw new WebSocketError('bad-option', `not a host: ${JSON.stringify(host)}`);
    if (!protocols.every(isToken) || new Set(protocols).size !== protocols.length) {
      throw new WebSocketError('bad-option', `subprotocols must be unique tokens: ${protocols.join(', ')}`);
    }
    const key = encodeBase64(crypto.randomBytes(16));
    this.#expectedAccept = acceptKey(key, crypto);
    this.#protocols = protocols;
    this.#wish = options.deflate ? resolveDeflateWish(options.deflate) : undefined;
    this.#maxHeadBytes = options.maxHeadBytes ?? 16_384;
    this.request =
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n` +
      (protocols.length === 0 ? '' : `Sec-WebSocket-Protocol: ${protocols.join(', ')}\r\n`) +
      (this.#wish === undefined ? '' : `Sec-WebSocket-Extensions: ${formatDeflateOffer(this.#wish)}\r\n`) +
      formatExtraFields(options.headers) +
      '\r\n';
  }

  /** Never throws for what the server sent. */
  receive(chunk: Uint8Array): ClientHandshakeResult {
    const taken = Math.min(chunk.length, this.#maxHeadBytes - this.#head.length);
    const before = this.#head.length;
    let text = '';
    for (let offset = 0; offset < taken; offset++) text += String.fromCharCode(chunk[offset]!);
    this.#head += text;
    const end = this.#head.indexOf('\r\n\r\n', Math.max(0, before - 3));
    if (end === -1) {
      if (this.#head.length < this.#maxHeadBytes) return INCOMPLETE;
      return fail(`the response head is longer than ${this.#maxHeadBytes} bytes`);
    }
    const head = parseResponseHead(this.#head.slice(0, end));
    this.#head = '';
    if (head === undefined) return fail('the response is not HTTP/1.1, or its head is malformed');
    return this.#verify(head, chunk.subarray(end + 4 - before));
  }

  /** §4.1: "the client MUST validate the server's response as follows". */
  #verify({ status, fields }: ResponseHead, rest: Uint8Array): ClientHandshakeResult {
    if (status !== 101) return fail(`the server answered ${status} instead of 101`, status);
    const all = (name: string): string | undefined => fields.get(name)?.join(', ');
    if (all('upgrade')?.toLowerCase() !== 'websocket') return fail('the Upgrade header is not "websocket"');
    if (!listHolds(all('connection'), 'upgrade')) return fail('the Connection header does not hold "Upgrade"');
    if (all('sec-websocket-accept') !== this.#expectedAccept) {
      return fail('Sec-WebSocket-Accept does not answer the key that was sent');
    }
    const protocol = all('sec-websocket-protocol');
    if (protocol !== undefined && !this.#protocols.includes(protocol)) {
      return fail('the server chose a subprotocol that was not offered');
    }
    const header = all('sec-websocket-extensions');
    if (header === undefined) return { kind: 'accepted', protocol, deflate: undefined, rest };
    const extension = parseExtensions(header);
    if (extension === undefined) return fail('Sec-WebSocket-Extensions is malformed');
    const only = extension[0]!;
    if (extension.length > 1 || only.name !== PERMESSAGE_DEFLATE || this.#wish === undefined) {
      return fail('the server uses an extension that was not offered');
    }
    const deflate = verifyDeflateResponse(only, this.#wish);
    if (typeof deflate === 'string') return fail(`the server's permessage-deflate: ${deflate}`);
    return { kind: 'accepted', protocol, deflate, rest };
  }
}

function fail(message: string, status?: number): ClientHandshakeResult {
  return { kind: 'failed', error: new WebSocketError('handshake-failed', message), status };
}
