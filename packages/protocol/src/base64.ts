const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values: ReadonlyMap<string, number> = new Map([...alphabet].map((char, value) => [char, value]));

/** RFC 4648 §4, with padding. */
export function base64Encode(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
    text += left > 1 ? alphabet[(group >> 6) & 63]! : '=';
    text += left > 2 ? alphabet[group & 63]! : '=';
  }
  return text;
}

/** RFC 4648 §4, padding required. Returns undefined for text that is not base64. */
export function base64Decode(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let group = 0;
  let at = 0;
  for (let i = 0; i < end; i++) {
    const value = values.get(text[i]!);
    if (value === undefined) return undefined;
    group = (group << 6) | value;
    if (i % 4 === 1) bytes[at++] = (group >> 4) & 255;
    else if (i % 4 === 2) bytes[at++] = (group >> 2) & 255;
    else if (i % 4 === 3) bytes[at++] = group & 255;
  }
  return bytes;
}
