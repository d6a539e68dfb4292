import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { checkUpdate, isUpdate } from './check-update.js';

function updateOf(edit: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  edit(doc);
  return Y.encodeStateAsUpdate(doc);
}

function nest(levels: number): unknown {
  return levels === 0 ? 1 : [nest(levels - 1)];
}

const rich = updateOf((doc) => {
  const text = doc.getText('text');
  text.insert(0, 'Hello');
  text.format(0, 2, { bold: true, link: { href: 'https://example.com' } });
  text.insertEmbed(5, { image: 'x' });
  text.delete(1, 2);
  doc.getMap('map').set('list', Y.Array.from([1, 'two', { three: [3] }, new Uint8Array([4])]));
  doc.getXmlFragment('xml').insert(0, [new Y.XmlElement('p')]);
  doc.getMap('map').set('doc', new Y.Doc());
});

it('takes what Yjs makes, and an update that changes nothing', () => {
  expect(() => checkUpdate(rich)).not.toThrow();
  expect(() => checkUpdate(updateOf(() => undefined))).not.toThrow();
});

it('DOC-3: any other bytes are refused, with no other error', () => {
  const invalid = expect.objectContaining({ code: 'invalid-data' });
  for (let length = 0; length < rich.length; length++)
    expect(() => checkUpdate(rich.subarray(0, length))).toThrow(invalid);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(rich.length - 1), fc.nat(255), (random, at, byte) => {
      const flipped = rich.slice();
      flipped[at] = byte;
      for (const bytes of [random, flipped]) {
        try {
          checkUpdate(bytes);
        } catch (error) {
          expect(error).toEqual(invalid);
          continue;
        }
        // Whatever passes can be applied by any reader, and compacted.
        for (const before of [[], [rich]]) {
          const doc = new Y.Doc();
          for (const update of [...before, bytes]) Y.applyUpdate(doc, update);
          Y.applyUpdate(new Y.Doc(), Y.encodeStateAsUpdate(doc));
        }
      }
    }),
    { numRuns: 400 },
  );
});

it('WIRE-9: a value nests as deep as JSON may, and no deeper', () => {
  const deep = (levels: number) => updateOf((doc) => doc.getMap('map').set('a', nest(levels)));
  expect([isUpdate(deep(64)), isUpdate(deep(65)), isUpdate(deep(5000))]).toEqual([true, false, false]);
});

it('a struct that follows itself is refused', () => {
  // A deleted letter of client 5 with clock 1 whose origin is clock 0, and clock 1.
  const follows = (clock: number) => new Uint8Array([1, 1, 5, 1, 0x81, 5, clock, 1, 0]);
  expect([isUpdate(follows(0)), isUpdate(follows(1))]).toEqual([true, false]);
});

it('a range of no length is refused: a reader could not find its place', () => {
  const deletesNone = new Uint8Array([0, 1, 5, 1, 7, 0]);
  expect([isUpdate(deletesNone.with(5, 1)), isUpdate(deletesNone)]).toEqual([true, false]);
  const empty = new Uint8Array([1, 1, 5, 0, 1, 1, 1, 116, 0, 0]);
  const one = empty.with(8, 1);
  expect([isUpdate(one), isUpdate(empty)]).toEqual([true, false]);
});
