import type { Extension } from './extension-header.js';
import { WebSocketError } from '../websocket-error.js';

// permessage-deflate: what an offer asks for, what a response grants (RFC 7692 §7.1).

export const PERMESSAGE_DEFLATE = 'permessage-deflate';

/** The parameters that both ends have agreed on. */
export interface DeflateAgreement {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  /** 8–15: the server's window when it compresses. */
  readonly serverMaxWindowBits: number;
  /** 8–15: the client's window when it compresses. */
  readonly clientMaxWindowBits: number;
}

/**
 * The parameters that an endpoint wants. Both ends default to no context takeover: a window kept per connection costs
 * up to 32 KiB each way, and a message could not be compressed once for many connections.
 */
export interface DeflateWish {
  /** Default true. */
  readonly serverNoContextTakeover?: boolean;
  /** Default true. */
  readonly clientNoContextTakeover?: boolean;
  /** 8–15, default 15. */
  readonly serverMaxWindowBits?: number;
  /** 8–15, default 15. A server can only lower it for a client that offers `client_max_window_bits`. */
  readonly clientMaxWindowBits?: number;
}

interface Parameters {
  serverNoContextTakeover: boolean;
  clientNoContextTakeover: boolean;
  serverMaxWindowBits: number | undefined;
  /** `true`: offered without a value, "set it as you like" (§7.1.2.2). */
  clientMaxWindowBits: number | true | undefined;
}

/** Throws `bad-option` for window sizes outside 8–15. */
export function resolveDeflateWish(wish: DeflateWish): DeflateAgreement {
  const resolved: DeflateAgreement = {
    serverNoContextTakeover: wish.serverNoContextTakeover ?? true,
    clientNoContextTakeover: wish.clientNoContextTakeover ?? true,
    serverMaxWindowBits: wish.serverMaxWindowBits ?? 15,
    clientMaxWindowBits: wish.clientMaxWindowBits ?? 15,
  };
  for (const bits of [resolved.serverMaxWindowBits, resolved.clientMaxWindowBits]) {
    if (!Number.isInteger(bits) || bits < 8 || bits > 15) {
      throw new WebSocketError('bad-option', `window bits are a whole number from 8 to 15, not ${bits}`);
    }
  }
  return resolved;
}

/** Undefined for unknown, repeated or malformed parameters: §7.1 has them declined by a server, refused by a client. */
function readParameters(extension: Extension): Parameters | undefined {
  const read: Parameters = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: undefined,
    clientMaxWindowBits: undefined,
  };
  const seen = new Set<string>();
  for (const { name, value } of extension.parameters) {
    if (seen.has(name)) return undefined;
    seen.add(name);
    switch (name) {
      case 'server_no_context_takeover':
        if (value !== undefined) return undefined;
        read.serverNoContextTakeover = true;
        break;
      case 'client_no_context_takeover':
        if (value !== undefined) return undefined;
        read.clientNoContextTakeover = true;
        break;
      case 'server_max_window_bits':
        if (!isWindowBits(value)) return undefined;
        read.serverMaxWindowBits = Number(value);
        break;
      case 'client_max_window_bits':
        if (value !== undefined && !isWindowBits(value)) return undefined;
        read.clientMaxWindowBits = value === undefined ? true : Number(value);
        break;
      default:
        return undefined;
    }
  }
  return read;
}

/** §7.1.2.1: a decimal integer "without leading zeroes between 8 to 15 inclusive". */
function isWindowBits(value: string | undefined): value is string {
  return value !== undefined && /^(?:[89]|1[0-5])$/.test(value);
}

/** Server: takes the first offer that it can grant; the others are alternatives (§5). Undefined: no compression. */
export function acceptDeflateOffer(
  offers: readonly Extension[],
  wish: DeflateAgreement,
): { readonly agreement: DeflateAgreement; readonly header: string } | undefined {
  for (const offer of offers) {
    if (offer.name !== PERMESSAGE_DEFLATE) continue;
    const asked = readParameters(offer);
    if (asked === undefined) continue;
    const clientBits = asked.clientMaxWindowBits;
    const agreement: DeflateAgreement = {
      serverNoContextTakeover: wish.serverNoContextTakeover || asked.serverNoContextTakeover,
      clientNoContextTakeover: wish.clientNoContextTakeover || asked.clientNoContextTakeover,
      serverMaxWindowBits: Math.min(wish.serverMaxWindowBits, asked.serverMaxWindowBits ?? 15),
      // §7.1.2.2: a client that did not offer the parameter cannot be asked to shrink its window.
      clientMaxWindowBits:
        clientBits === undefined ? 15 : Math.min(wish.clientMaxWindowBits, clientBits === true ? 15 : clientBits),
    };
    return { agreement, header: formatResponse(agreement, asked, clientBits !== undefined) };
  }
  return undefined;
}

function formatResponse(agreement: DeflateAgreement, asked: Parameters, mayLimitClient: boolean): string {
  let header = PERMESSAGE_DEFLATE;
  if (agreement.serverNoContextTakeover) header += '; server_no_context_takeover';
  if (agreement.clientNoContextTakeover) header += '; client_no_context_takeover';
  if (asked.serverMaxWindowBits !== undefined || agreement.serverMaxWindowBits < 15) {
    header += `; server_max_window_bits=${agreement.serverMaxWindowBits}`;
  }
  if (mayLimitClient && (asked.clientMaxWindowBits !== true || agreement.clientMaxWindowBits < 15)) {
    header += `; client_max_window_bits=${agreement.clientMaxWindowBits}`;
  }
  return header;
}

/** Client: the offer for a wish. `client_max_window_bits` is always offered, so that the server may lower it. */
export function formatDeflateOffer(wish: DeflateAgreement): string {
  let header = PERMESSAGE_DEFLATE;
  if (wish.serverNoContextTakeover) header += '; server_no_context_takeover';
  if (wish.clientNoContextTakeover) header += '; client_no_context_takeover';
  if (wish.serverMaxWindowBits < 15) header += `; server_max_window_bits=${wish.serverMaxWindowBits}`;
  header += '; client_max_window_bits';
  if (wish.clientMaxWindowBits < 15) header += `=${wish.clientMaxWindowBits}`;
  return header;
}

/** Client: checks the server's answer to `formatDeflateOffer(wish)`. A string says why it must be refused. */
export function verifyDeflateResponse(response: Extension, wish: DeflateAgreement): DeflateAgreement | string {
  const granted = readParameters(response);
  if (granted === undefined) return 'unknown, repeated or invalid parameter';
  if (granted.clientMaxWindowBits === true) return 'client_max_window_bits without a value'; // §7.1.2.2
  // §7.1.1.1 and §7.1.2.1: an offer with these parameters is accepted by including them.
  if (wish.serverNoContextTakeover && !granted.serverNoContextTakeover) return 'server_no_context_takeover is missing';
  const serverBits = granted.serverMaxWindowBits ?? 15;
  if (serverBits > wish.serverMaxWindowBits) return 'server_max_window_bits is larger than offered';
  const clientBits = granted.clientMaxWindowBits ?? 15;
  if (granted.clientMaxWindowBits !== undefined && clientBits > wish.clientMaxWindowBits) {
    return 'client_max_window_bits is larger than offered';
  }
  return {
    serverNoContextTakeover: granted.serverNoContextTakeover,
    clientNoContextTakeover: granted.clientNoContextTakeover || wish.clientNoContextTakeover,
    serverMaxWindowBits: serverBits,
    clientMaxWindowBits: Math.min(clientBits, wish.clientMaxWindowBits),
  };
}
