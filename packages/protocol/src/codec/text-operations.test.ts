import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeTextOperations } from './text-operations.js';

it('WIRE-3: numbers and texts stand in it as JSON has them', () => {
  const number = fc.oneof(
    fc.nat({ max: 2000 }),
    fc.maxSafeNat(),
    fc.constantFrom(999, 1000, 1001, 999_999, 1_000_000, 2 ** 31, 2 ** 53 - 1),
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"', '\\', '\u007f', '\n', 'é', ' '),
  );
  const operation = fc.record(
    { offset: number, time: number, key: text, id: text, user: text },
    { requiredKeys: ['offset', 'time'] },
  );
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 5 }), fc.boolean(), (operations, versioned) => {
      const ops = operations.map((one) => ({ ...one, payload: '7' }));
      const written = operations.map(({ offset, time, key, id, user }) =>
        JSON.parse(
          JSON.stringify({ data: 7, time, key: key || undefined, version: versioned ? offset : undefined, id, user }),
        ),
      );
      expect(JSON.parse(encodeTextOperations(ops, versioned))).toEqual(written);
    }),
  );
});

it('writes a time that is no whole number, or below zero, as it is', () => {
  for (const time of [1.5, 1234.5, -1, -1234]) {
    expect(JSON.parse(encodeTextOperations([{ offset: 1, time, payload: '1' }], false))).toEqual([{ data: 1, time }]);
  }
});
