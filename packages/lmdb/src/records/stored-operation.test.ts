import type { Operation } from '@longwave/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DamagedRecord } from '../files/store-error.js';
import { OperationWriter, bytesOf, readOperation, readTraits } from './stored-operation.js';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const payload = fc.oneof(text, fc.uint8Array({ maxLength: 40 }));
const operation: fc.Arbitrary<Operation> = fc.record({
  offset: fc.constant(7),
  time: fc.nat(2 ** 45),
  payload,
  id: maybe(text),
  user: maybe(text),
  key: maybe(text),
  kind: fc.constantFrom(undefined, 'delete' as const, 'expire' as const),
  delta: maybe(payload),
});

it('an operation is read as it was stored', () => {
  const writer = new OperationWriter();
  fc.assert(
    fc.property(operation, (op) => {
      const record = Buffer.from(writer.write(op));
      expect(readOperation(record, 7)).toEqual(op);
      const { time, id, user } = op;
      expect(readTraits(record)).toEqual({ time, id, user, payloadBytes: bytesOf(op.payload) });
    }),
  );
});

it('one of which a bit is not what it was is not taken for another', () => {
  const writer = new OperationWriter();
  fc.assert(
    fc.property(operation, fc.nat(), (op, bit) => {
      const record = Buffer.from(writer.write(op));
      const at = bit % (record.length * 8);
      record[at >> 3]! ^= 1 << (at & 7);
      expect(() => readOperation(record, 7)).toThrow(DamagedRecord);
      expect(() => readTraits(record)).toThrow(DamagedRecord);
    }),
  );
  expect(() => readOperation(Buffer.alloc(100), 1)).toThrow(DamagedRecord);
  expect(() => readOperation(Buffer.alloc(0), 1)).toThrow(DamagedRecord);
});
