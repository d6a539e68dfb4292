import {
  acceptDeflateOffer,
  type DeflateAgreement,
  type DeflateWish,
  resolveDeflateWish,
} from './deflate-negotiation.js';
import { parseExtensions } from './extension-header.js';
import { fieldValue, type HeaderFields, parseProtocols } from './headers.js';

interface Wishes {
  readonly protocols?: readonly string[];
  readonly deflate?: DeflateWish | false;
}

interface Agreement {
  readonly protocol: string | undefined;
  /** For the response and for the connection. */
  readonly deflate: { readonly header: string; readonly agreement: DeflateAgreement } | undefined;
}

/**
 * Finds the subprotocol and the extensions that both ends speak: the same over every HTTP. A text says what is
 * malformed.
 */
export function negotiate(headers: HeaderFields, options: Wishes | undefined): Agreement | string {
  const offered = fieldValue(headers, 'sec-websocket-protocol');
  const protocols = offered === undefined ? [] : parseProtocols(offered);
  if (protocols === undefined) return 'Sec-WebSocket-Protocol must be a list of unique tokens';
  const protocol = options?.protocols?.find((name) => protocols.includes(name));

  const extensionHeader = fieldValue(headers, 'sec-websocket-extensions');
  // An empty field passes, as proxies leave some; any other must follow the grammar (§9.1).
  const extensions = extensionHeader === undefined || extensionHeader === '' ? [] : parseExtensions(extensionHeader);
  if (extensions === undefined) return 'Sec-WebSocket-Extensions is malformed';
  const wish = options?.deflate;
  return { protocol, deflate: wish ? acceptDeflateOffer(extensions, resolveDeflateWish(wish)) : undefined };
}
