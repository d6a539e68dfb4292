import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { Assembler } from './assembler.js';
import { decodePayload, encodeCompacted, encodeUpdate, encodeUpdates, pieceBytes } from './payload.js';

/** An update a little larger than this. */
function updateOf(size: number): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('t').insert(0, 'x'.repeat(size));
  return Y.encodeStateAsUpdate(doc);
}

let groups = 0;
const makeGroup = (): string => (++groups).toString(16).padStart(16, '0');

it('an update comes out of its messages as it went in, whatever comes between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(3 * pieceBytes), { minLength: 1, maxLength: 5 }),
      fc.infiniteStream(fc.nat()),
      (sizes, pick) => {
        const updates = sizes.map(updateOf);
        const queues = updates.map((update) => encodeUpdates(update, makeGroup));
        const assembler = new Assembler();
        const whole: Uint8Array[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const left = queues.filter((queue) => queue.length > 0);
          whole.push(...assembler.take(left[pick.next().value % left.length]!.shift()!));
        }
        const said = (all: readonly Uint8Array[]): string[] =>
          all.map((update) => Buffer.from(update).toString('latin1'));
        expect(said(whole).toSorted()).toEqual(said(updates).toSorted());
        expect(assembler.pieces).toEqual([]);
      },
    ),
    { numRuns: 50 },
  );
});

it('a compaction carries what is whole, what is not, and who wrote it', () => {
  const large = updateOf(pieceBytes);
  const [first, second] = encodeUpdates(large, makeGroup);
  const assembler = new Assembler();
  expect(assembler.take(first!)).toEqual([]);
  const { group } = assembler.pieces[0]!;
  const message = encodeCompacted({
    update: new Uint8Array([1, 2]),
    pieces: assembler.pieces,
    since: { [group]: 7 },
    authors: { 12: 'ada' },
  });
  expect(decodePayload(message)).toMatchObject({ kind: 'compacted', since: { [group]: 7 }, authors: { 12: 'ada' } });
  const later = new Assembler();
  expect(later.take(message)).toEqual([new Uint8Array([1, 2])]);
  expect(later.take(first!)).toEqual([]);
  expect(later.take(second!).map((update) => Buffer.from(update).equals(large))).toEqual([true]);
});

it('DOC-3: what is no message of a document is refused', () => {
  const empty = new Uint8Array();
  const ofUnknownKind = new Uint8Array([9]);
  const cutOff = encodeUpdates(new Uint8Array(pieceBytes + 1), makeGroup)[0]!.subarray(0, 4);
  const countedWrong = encodeUpdates(new Uint8Array(pieceBytes + 1), makeGroup)[0]!.slice();
  countedWrong[9] = 5;
  for (const message of [empty, ofUnknownKind, cutOff, countedWrong]) {
    expect(() => decodePayload(message)).toThrow(expect.objectContaining({ code: 'invalid-data' }));
  }
  expect(decodePayload(encodeUpdate(empty))).toEqual({ kind: 'update', update: empty });
});
