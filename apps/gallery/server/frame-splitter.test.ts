import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameSplitter } from './frame-splitter.js';

/** A frame of zeroes with the header that its payload needs. */
function frame(payloadLength: number, isMasked: boolean): Uint8Array {
  const mask = isMasked ? 0x80 : 0;
  const header =
    payloadLength < 126
      ? [0x82, mask | payloadLength]
      : payloadLength < 65_536
        ? [0x82, mask | 126, payloadLength >> 8, payloadLength & 0xff]
        : [0x82, mask | 127, 0, 0, 0, 0, 0, payloadLength >> 16, (payloadLength >> 8) & 0xff, payloadLength & 0xff];
  return Uint8Array.from([...header, ...(isMasked ? [1, 2, 3, 4] : []), ...new Uint8Array(payloadLength).fill(7)]);
}

describe('the frame splitter', () => {
  it('finds the same frames however the bytes are cut', () => {
    const frames = fc.array(fc.tuple(fc.constantFrom(0, 1, 125, 126, 300, 65_536), fc.boolean()), { maxLength: 5 });
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (shapes, cuts) => {
        const wire = shapes.map(([length, isMasked]) => frame(length, isMasked));
        const bytes = Uint8Array.from(wire.flatMap((each) => [...each]));
        const found: { start: Uint8Array; byteLength: number }[] = [];
        const split = createFrameSplitter((start, byteLength) => found.push({ start: start.slice(), byteLength }));
        for (let at = 0, piece = 0; at < bytes.length; piece++) {
          const end = at + cuts[piece % cuts.length]!;
          split(bytes.subarray(at, end));
          at = end;
        }
        expect(found).toEqual(wire.map((each) => ({ start: each.slice(0, 256), byteLength: each.length })));
      }),
      { numRuns: 60 },
    );
  });
});
