import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { base64Decode, base64Encode } from '../values/base64.js';
import { utf8Length } from '../values/utf8.js';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
);

describe('bytes', () => {
  it('numbers and texts come back, whatever their size', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.maxSafeNat(), anyText), { maxLength: 20 }), (values) => {
        const writer = new ByteWriter();
        for (const value of values)
          if (typeof value === 'number') writer.uint(value);
          else writer.text(value);
        const reader = new ByteReader(writer.take());
        for (const value of values) expect(typeof value === 'number' ? reader.uint() : reader.text()).toEqual(value);
        expect(reader.done).toBe(true);
      }),
    );
  });

  it('a large value is handed out once, and what is written afterwards is apart from it', () => {
    const writer = new ByteWriter();
    const large = new Uint8Array(200_000).fill(7);
    writer.bytes(large);
    writer.prefixLength();
    const taken = writer.take();
    writer.bytes(new Uint8Array(300_000).fill(9));
    writer.take();
    const reader = new ByteReader(taken).part();
    expect(reader.bytes()).toEqual(large);
    expect(reader.done).toBe(true);
  });

  it('what was handed out stays as it was, whatever is written afterwards', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 30 }), (values) => {
        const writer = new ByteWriter();
        const taken = values.map((value) => {
          writer.raw(value);
          return writer.take();
        });
        expect(taken.map((bytes) => Buffer.from(bytes))).toEqual(values.map((bytes) => Buffer.from(bytes)));
      }),
    );
  });

  it('a text is as long as utf8Length says, lone surrogates included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
        (text) => {
          expect(utf8Length(text)).toBe(Buffer.byteLength(text));
        },
      ),
    );
  });

  it('numbers beyond the safe integers are refused', () => {
    expect(() => new ByteReader(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127)).uint()).toThrow('out of range');
    expect(() => new ByteReader(Uint8Array.of(128)).uint()).toThrow('ends early');
  });
});

describe('base64', () => {
  it('is that of Node (RFC 4648 §4)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(base64Encode(bytes)).toBe(text);
        expect(base64Decode(text)).toEqual(bytes);
      }),
    );
  });

  it('refuses what is not', () => {
    for (const text of ['A', 'AAA', 'AA=A', '====', 'AA$=', 'AAA\n']) expect(base64Decode(text)).toBeUndefined();
  });
});
