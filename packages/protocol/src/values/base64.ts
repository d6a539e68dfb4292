// Both are in every browser, worker and server runtime (HTML standard, base64 utility methods), and pure.
declare function btoa(binary: string): string;
declare function atob(text: string): string;

/** RFC 4648 §4, with padding. */
export function base64Encode(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** RFC 4648 §5, without padding. */
export function base64UrlEncode(bytes: Uint8Array): string {
  return base64Encode(bytes).replace(/=/g, '').replace(/\+/g, '-').replace(/\//g, '_');
}

/** RFC 4648 §4, padding required. Returns undefined for text that is not base64. */
export function base64Decode(text: string): Uint8Array | undefined {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    // `atob` forgives spaces, missing padding and stray bits: the wire does not.
    return base64Encode(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}
