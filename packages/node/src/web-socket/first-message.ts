import { Buffer, isUtf8 } from 'node:buffer';
import { type Encoded, firstBytes, firstPrefix, firstSuffix, subprotocols } from '@longwave/protocol';

/** Subprotocols of the engine's endpoint, the preferred one first. */
export const codecProtocols = [subprotocols.binary, subprotocols.json];
/** The same, where the request carries the first message. */
export const firstProtocols = [...codecProtocols.map((name) => name + firstSuffix), ...codecProtocols];

/** Characters of base64url without padding that say as many bytes. */
const firstUnits = Math.ceil((firstBytes * 4) / 3);

/**
 * Reads the first message that an opening request carries in its offer of subprotocols (WIRE-17). Undefined: there is none, or it is
 * none that would be taken as it is. Then the client sends it once the connection is open.
 */
export function readFirst(offer: string | undefined): Encoded | undefined {
  const at = offer?.indexOf(firstPrefix) ?? -1;
  if (at < 0) return undefined;
  const start = at + firstPrefix.length;
  const comma = offer!.indexOf(',', start);
  const text = offer!.slice(start, comma < 0 ? undefined : comma).trim();
  if (text.length > firstUnits) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Buffer passes over what is not in the alphabet, and over bits that are too many: two different texts never become one.
  if (bytes.length === 0 || bytes.toString('base64url') !== text) return undefined;
  if (!offer!.includes(subprotocols.json)) return bytes;
  return isUtf8(bytes) ? bytes.toString() : undefined;
}
