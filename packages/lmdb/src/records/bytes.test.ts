import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteReader, ByteWriter } from './bytes.js';

const field = fc.oneof(
  fc.record({ kind: fc.constant('uint' as const), value: fc.nat(Number.MAX_SAFE_INTEGER) }),
  fc.record({ kind: fc.constant('int' as const), value: fc.integer({ min: -(2 ** 51), max: 2 ** 51 }) }),
  fc.record({ kind: fc.constant('uint32' as const), value: fc.nat(2 ** 32 - 1) }),
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme', maxLength: 300 }) }),
  fc.record({ kind: fc.constant('bytes' as const), value: fc.uint8Array({ maxLength: 300 }) }),
);
type Field = typeof field extends fc.Arbitrary<infer F> ? F : never;

function write(writer: ByteWriter, { kind, value }: Field): void {
  switch (kind) {
    case 'text':
      writer.text(value);
      break;
    case 'bytes':
      writer.bytes(value);
      break;
    case 'uint':
    case 'int':
    case 'uint32':
      writer[kind](value);
  }
}

it('a record is read as it was written, and one that ends early is refused', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
      const writer = new ByteWriter(1);
      for (const each of fields) write(writer, each);
      const record = writer.copy();
      const reader = new ByteReader(record);
      for (const { kind, value } of fields) {
        const read = reader[kind]();
        expect(kind === 'bytes' ? new Uint8Array(read as Buffer) : read).toEqual(value);
      }
      expect(reader.at).toBe(record.length);
      const last = fields.at(-1);
      if (!last) return;
      const short = new ByteReader(record.subarray(0, -1));
      for (const { kind } of fields.slice(0, -1)) short[kind]();
      expect(() => short[last.kind]()).toThrow(RangeError);
    }),
  );
});
