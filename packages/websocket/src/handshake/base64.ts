const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** RFC 4648 §4. Only ever used for the 16 bytes of a handshake key. */
export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let offset = 0; offset < bytes.length; offset += 3) {
    const left = bytes.length - offset;
    const word = (bytes[offset]! << 16) | ((bytes[offset + 1] ?? 0) << 8) | (bytes[offset + 2] ?? 0);
    out += ALPHABET[word >>> 18]! + ALPHABET[(word >>> 12) & 63]!;
    out += (left > 1 ? ALPHABET[(word >>> 6) & 63]! : '=') + (left > 2 ? ALPHABET[word & 63]! : '=');
  }
  return out;
}

/** Whether `text` is base64 of exactly 16 bytes (RFC 6455 §4.2.1, item 5). */
export function isHandshakeKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{22}==$/.test(text);
}
