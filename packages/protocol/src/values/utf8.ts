// The Encoding Standard is the one Web API that this package relies on: present in every browser,
// worker and server runtime, and pure. Declared here so that nothing else of the host is in reach.
declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label: string, options: { fatal: boolean; ignoreBOM: boolean });
  decode(bytes: Uint8Array, options?: { stream: boolean }): string;
}

const encoder = new TextEncoder();
// A page that only reads text leaves it out.
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function utf8Encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Writes `text` at the start of `target`, which must have room for 3 bytes per UTF-16 unit. Returns the bytes written. */
export function utf8EncodeInto(text: string, target: Uint8Array): number {
  return encoder.encodeInto(text, target).written;
}

/** Throws `TypeError` when `bytes` are not valid UTF-8. */
export function utf8Decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Decodes text that comes in pieces, which may end within a character. Throws `TypeError` when it is not valid UTF-8. */
export function createUtf8Stream(): (piece: Uint8Array) => string {
  const stream = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (piece) => stream.decode(piece, { stream: true });
}

/** False: it has a lone surrogate, which UTF-8 cannot say. Such texts would all become one (WIRE-10). */
export function isWellFormed(text: string): boolean {
  return (text as Text).isWellFormed();
}

/** In every browser and runtime that has the methods of ES2023 we use; the compiler lists it with ES2024. */
type Text = string & { isWellFormed(): boolean };

/** A longer text is measured faster by the encoder than unit by unit. */
const shortText = 500;

/** Bytes that `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  if (text.length > shortText) return encoder.encode(text).length;
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    // A surrogate pair takes four bytes for two units; a lone surrogate is written as U+FFFD, three bytes.
    if (unit < 0x800) length += 1;
    else if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length += 2;
      i++;
    } else length += 2;
  }
  return length;
}
