import type { Encoded } from '@longwave/protocol';

/** Bytes of an encoded message on the wire: of a text, those of its UTF-8. */
export function encodedSize(message: Encoded): number {
  if (typeof message !== 'string') return message.length;
  let size = message.length;
  for (let i = 0; i < message.length; i++) {
    const unit = message.charCodeAt(i);
    if (unit < 0x80) continue;
    // A pair of surrogates is four bytes: two for each half.
    size += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return size;
}
