const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values: ReadonlyMap<string, number> = new Map([...alphabet].map((char, value) => [char, value]));

/** RFC 4648 §4, with padding. */
export function base64Encode(bytes: Uint8Array): string {
  let text = '';
  let group = 0;
  let bits = 0;
  for (const byte of bytes) {
    group = ((group << 8) | byte) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6) text += alphabet[(group >> (bits - 6)) & 63]!;
  }
  if (bits > 0) text += alphabet[(group << (6 - bits)) & 63]!;
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** RFC 4648 §4, padding required. Returns undefined for text that is not base64. */
export function base64Decode(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const digits = text.replace(/==?$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let group = 0;
  for (let i = 0; i < digits.length; i++) {
    const value = values.get(digits[i]!);
    if (value === undefined) return undefined;
    group = ((group << 6) | value) & 0xffff;
    // Every digit but the first of four completes a byte.
    if (i % 4 > 0) bytes[Math.floor((i * 3) / 4)] = group >> (6 - (i % 4) * 2);
  }
  return bytes;
}
