import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAnnouncement, decodeOperation, encodeBody, encodeDelta } from './operation-codec.js';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.string({ unit: 'grapheme' });
const payload = fc.oneof(text, fc.uint8Array());
const body = { payload, id: maybe(text), user: maybe(text) };
const operation = fc.oneof(
  fc.record({ ...body, key: fc.constant(undefined), kind: fc.constant(undefined) }),
  fc.record({ ...body, key: text, kind: fc.constantFrom(undefined, 'delete' as const) }),
);

/** As a script stamps it. */
function stamp(offset: number, time: number, stamped: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeDoubleBE(offset);
  head.writeDoubleBE(time, 8);
  return Buffer.concat([head, stamped]);
}

function sized(part: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(part.length);
  return Buffer.concat([size, part]);
}

describe('an operation', () => {
  it('comes back as it was given', () => {
    fc.assert(
      fc.property(operation, fc.maxSafeNat(), fc.maxSafeNat(), (given, offset, time) => {
        const decoded = decodeOperation(stamp(offset, time, encodeBody(given)));
        expect(decoded).toEqual({ ...given, offset, time });
        expect(typeof decoded.payload).toBe(typeof given.payload);
        if (decoded.payload instanceof Uint8Array) expect(decoded.payload.constructor).toBe(Uint8Array);
      }),
    );
  });

  it('is announced with others, each with its delta', () => {
    const announced = fc.array(fc.tuple(operation, maybe(payload)));
    fc.assert(
      fc.property(announced, text, fc.maxSafeNat(), (given, epoch, seq) => {
        const head = Buffer.alloc(8);
        head.writeDoubleBE(seq);
        const ops = given.flatMap(([op, delta], i) => [
          sized(stamp(i, 0, encodeBody(op))),
          sized(encodeDelta(op.key === undefined ? undefined : delta)),
        ]);
        expect(decodeAnnouncement(Buffer.concat([head, sized(Buffer.from(epoch)), ...ops]))).toEqual({
          seq,
          epoch,
          ops: given.map(([op, delta], offset) => ({
            ...op,
            ...{ offset, time: 0, delta: op.key === undefined ? undefined : delta },
          })),
        });
      }),
    );
  });
});
