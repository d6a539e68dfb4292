import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentBytes, frameHeaderBytes } from './tally.js';

describe('counting bytes', () => {
  it('knows the header of a frame at every length', () => {
    const sizes = [0, 125, 126, 65_535, 65_536].map((length) => [
      frameHeaderBytes(length, false),
      frameHeaderBytes(length, true),
    ]);
    expect(sizes).toEqual([
      [2, 6],
      [2, 6],
      [4, 8],
      [4, 8],
      [10, 14],
    ]);
  });

  it('counts text as UTF-8, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(contentBytes(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
    expect(contentBytes('a\ud800b')).toBe(new TextEncoder().encode('a\ud800b').length);
    expect(contentBytes(new Uint8Array(7))).toBe(7);
  });
});
