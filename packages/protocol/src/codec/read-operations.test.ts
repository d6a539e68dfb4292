import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { writeBinaryOperations } from './binary-operations.js';
import { encodePayload, operationKinds } from './operation.js';
import { bytesBit, readOperations } from './read-operations.js';
import { utf8Encode } from '../values/utf8.js';

const read = (bytes: Uint8Array) => readOperations(new ByteReader(bytes), new ByteWriter());

/** Operations with these payloads, of which the writer makes no check. */
function written(...payloads: readonly (string | Uint8Array)[]): Uint8Array {
  const writer = new ByteWriter();
  writer.uint(payloads.length);
  for (const payload of payloads) {
    writer.byte(typeof payload === 'string' ? 0 : bytesBit);
    writer.uint(0);
    writer.bytes(typeof payload === 'string' ? utf8Encode(payload) : payload);
  }
  return writer.take();
}

describe('readOperations', () => {
  it('WIRE-15: many operations read as each does alone', () => {
    const operation = fc.record({
      offset: fc.constant(1),
      time: fc.nat(),
      payload: fc.oneof(fc.jsonValue(), fc.string({ unit: 'grapheme' }), fc.uint8Array()).map(encodePayload),
      kind: fc.option(fc.constantFrom(...operationKinds.slice(1)), { nil: undefined }),
    });
    const bytesOf = (ops: Parameters<typeof writeBinaryOperations>[1]) => {
      const writer = new ByteWriter();
      writeBinaryOperations(writer, ops, false);
      return writer.take();
    };
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 8 }), (ops) => {
        expect(read(bytesOf(ops))).toEqual(ops.flatMap((op) => read(bytesOf([op]))));
      }),
    );
  });

  it('WIRE-6: one payload that is not JSON makes the frame one that cannot be read, wherever it stands', () => {
    for (const wrong of ['', '{', '"a', '1,2', 'nul', '"\n"']) {
      const refusal = expect.objectContaining({ code: 'invalid-data' }) as unknown;
      for (const payloads of [[wrong], [wrong, '1'], ['1', wrong], ['1', wrong, '"b"'], [wrong, wrong]])
        expect(() => read(written(...payloads))).toThrow(refusal);
    }
  });

  it('WIRE-10: nor does a text run on into the next, which is where a cut character would end', () => {
    const refusal = expect.objectContaining({ code: 'invalid-data' }) as unknown;
    const half = new Uint8Array([0x22, 0xe2, 0x82]);
    const writer = new ByteWriter();
    writer.uint(2);
    for (const bytes of [half, new Uint8Array([0xac, 0x22])]) {
      writer.byte(0);
      writer.uint(0);
      writer.bytes(bytes);
    }
    expect(() => read(writer.take())).toThrow(refusal);
    expect(() => read(written('"a', 'b"'))).toThrow(refusal);
  });

  it('reads on after a frame that ended early', () => {
    const payloads = new ByteWriter();
    expect(() => readOperations(new ByteReader(written('1', '2').subarray(0, 7)), payloads)).toThrow('ends early');
    const ops = readOperations(new ByteReader(written('1', new Uint8Array([7]), '"é"')), payloads);
    expect(ops.map(({ data }) => data)).toEqual([1, new Uint8Array([7]), 'é']);
  });
});
