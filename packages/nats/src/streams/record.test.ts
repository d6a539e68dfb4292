import type { NewOperation } from '@longwave/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from './packed.js';
import {
  type JournalRecord,
  cutRecord,
  decodeRecord,
  encodeRecord,
  hasLeases,
  readPiece,
  versionOf,
} from './record.js';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const payload = fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array());
const operation: fc.Arbitrary<NewOperation> = fc.record({
  ...{ payload, delta: maybe(payload), id: maybe(fc.string()), user: maybe(fc.string({ unit: 'binary' })) },
  producer: maybe(fc.record({ id: fc.string(), seq: fc.nat(), after: maybe(fc.nat()) })),
  ...{ retry: maybe(fc.boolean()), key: maybe(fc.string({ unit: 'binary' })), expect: maybe(fc.nat()) },
  kind: fc.constantFrom(undefined, 'put' as const, 'delete' as const, 'load' as const, 'touch' as const),
  ...{
    ttlMs: maybe(fc.nat()),
    holder: maybe(fc.string()),
    rank: maybe(fc.nat()),
    at: maybe(fc.double({ noNaN: true, noDefaultInfinity: true })),
  },
  ifChanged: fc.constantFrom(undefined, true as const),
  redacts: maybe(fc.record({ epoch: fc.string(), offset: fc.nat() })),
});
const record: fc.Arbitrary<JournalRecord> = fc.record({
  time: fc.nat(),
  keep: fc.constantFrom({ count: 1, bytes: Infinity, ageMs: 5 }, { keys: 1, bytes: 2, removals: Infinity }),
  appends: fc.array(operation, { maxLength: 5 }),
  ends: fc.array(fc.tuple(fc.string(), fc.nat()), { maxLength: 3 }),
  behind: maybe(fc.record({ log: fc.string(), era: fc.nat(), seq: fc.nat() })),
  compact: maybe(fc.record({ epoch: fc.string(), offset: fc.nat(), payload: fc.uint8Array() })),
});

/** Without what is undefined, and with `-0` as the 0 that JSON makes of it. */
function plain(value: JournalRecord): unknown {
  return { ...value, appends: value.appends.map(({ at, ...rest }) => ({ ...rest, at: at === 0 ? 0 : at })) };
}

describe('a record', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(record, (given) => void expect(plain(decodeRecord(encodeRecord(given)))).toEqual(plain(given))),
    );
  });

  it('is cut into messages that are no larger than they may be, and joined again', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 500 }),
        fc.integer({ min: 30, max: 200 }),
        fc.boolean(),
        fc.constantFrom(2, 3, 4),
        (bytes, max, leases, version) => {
          let number = 2 ** 40;
          const cut = cutRecord(bytes, 'writer', () => ++number, { leases, version, maxBytes: max });
          const pieces = cut.map(({ message }) => readPiece(message));
          expect(Buffer.concat(pieces.map(({ body }) => body))).toEqual(Buffer.from(bytes));
          const compacts = version === 3;
          for (const [i, piece] of pieces.entries()) {
            expect(cut[i]!.message.length).toBeLessThanOrEqual(max);
            expect(piece).toMatchObject({ writer: 'writer', number: cut[i]!.number, leases, compacts });
            expect([piece.isFirst, piece.isLast]).toEqual([i === 0, i === pieces.length - 1]);
            expect(hasLeases(cut[i]!.message)).toBe(leases);
          }
          expect(number).toBe(2 ** 40 + pieces.length);
        },
      ),
    );
  });

  it('of another format is refused', () => {
    const { message } = cutRecord(new Uint8Array(5), 'w', () => 1, { leases: false, version: 5, maxBytes: 100 })[0]!;
    expect(() => readPiece(message)).toThrow(
      'format 5, and this node knows none above 4: run one version of Longwave.',
    );
    expect(() => readPiece(new Uint8Array(3))).toThrow('format 0');
  });
});

it('a record has the first version that knows all of it', () => {
  const redacts = { epoch: 'e', offset: 1 };
  const payload = 'x';
  expect(versionOf({ appends: [{ payload }] })).toBe(2);
  expect(versionOf({ appends: [], compact: { ...redacts, payload: new Uint8Array() } })).toBe(3);
  expect(versionOf({ appends: [{ payload }, { payload, redacts }] })).toBe(4);
});

describe('what is packed', () => {
  it('throws when it ends early, wherever', () => {
    const bytes = pack({ a: 1 }, ['text', new Uint8Array(10)]);
    expect(unpack(bytes)).toEqual({ head: { a: 1 }, payloads: ['text', new Uint8Array(10)] });
    for (let end = 0; end < bytes.length; end++) expect(() => unpack(bytes.subarray(0, end)), `${end}`).toThrow(/./);
  });
});
