import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createNodePorts } from './node-ports.js';

const ports = createNodePorts();

it('writes exactly the bytes it has counted, lone surrogates as U+FFFD', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'ö', '€', '👋', '\ud800', '\udc00') }),
      fc.boolean(),
      (text, plain) => {
        const length = ports.utf8Length(text);
        const target = plain ? new Uint8Array(length + 4) : Buffer.alloc(length + 4);
        ports.writeUtf8(text, target, 2);
        expect(ports.decodeUtf8(target, 2, 2 + length)).toBe(new TextDecoder().decode(new TextEncoder().encode(text)));
        expect([target[0], target[1], target[length + 2], target[length + 3]]).toEqual([0, 0, 0, 0]);
      },
    ),
  );
});

it('keeps a byte order mark, as it is part of the text', () => {
  const bytes = Buffer.from('\ufefftext');
  expect(ports.decodeUtf8(bytes, 0, bytes.length)).toBe('\ufefftext');
});

it('draws fresh random bytes of any size', () => {
  const drawn = Array.from({ length: 5000 }, () => Buffer.from(ports.randomBytes(4)).toString('hex'));
  expect(new Set(drawn).size).toBeGreaterThan(4990);
  expect(ports.randomBytes(100_000)).toHaveLength(100_000);
  expect(ports.randomBytes(16)).not.toEqual(ports.randomBytes(16));
});
