import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyMask, readMaskKey, rotateMaskKey } from './mask.js';

const bytes = fc.uint8Array({ maxLength: 600 });
const key = fc.uint8Array({ minLength: 4, maxLength: 4 });

it('masks as RFC 6455 §5.3 says, octet i with key octet i mod 4, at any place in a buffer', () => {
  fc.assert(
    fc.property(bytes, key, fc.nat(9), (payload, mask, start) => {
      const buffer = new Uint8Array(start + payload.length + 5);
      buffer.set(payload, start);
      const seen = applyMask(buffer, start, start + payload.length, readMaskKey(mask, 0));
      const expected = payload.map((byte, index) => byte ^ mask[index & 3]!);
      expect(buffer.subarray(start, start + payload.length)).toEqual(expected);
      expect(buffer.subarray(0, start).every((byte) => byte === 0)).toBe(true);
      expect(buffer.subarray(start + payload.length).every((byte) => byte === 0)).toBe(true);
      expect((seen & 0x80808080) !== 0).toBe(expected.some((byte) => byte >= 0x80));
    }),
    { numRuns: 500 },
  );
});

it('continues in the middle of a payload with the key turned', () => {
  fc.assert(
    fc.property(bytes, key, fc.nat(600), (payload, mask, cut) => {
      const at = Math.min(cut, payload.length);
      const whole = Uint8Array.from(payload);
      const parts = Uint8Array.from(payload);
      const start = readMaskKey(mask, 0);
      applyMask(whole, 0, whole.length, start);
      applyMask(parts, 0, at, start);
      applyMask(parts, at, parts.length, rotateMaskKey(start, at));
      expect(parts).toEqual(whole);
    }),
  );
});
