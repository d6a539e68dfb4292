import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { toJson } from '../documents/roots.js';
import { sliceUpdate } from './slice-update.js';

interface Step {
  readonly by: number;
  readonly kind: 'insert' | 'delete' | 'set' | 'nest' | 'element' | 'meet';
  readonly at: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  by: fc.nat(2),
  kind: fc.constantFrom('insert', 'delete', 'set', 'nest', 'element', 'meet'),
  at: fc.nat(500),
});

function act(docs: readonly Y.Doc[], { by, kind, at }: Step): void {
  const doc = docs[by]!;
  const text = doc.getText('t');
  if (kind === 'insert') text.insert(at % (text.length + 1), `${at}`.repeat(1 + (at % 40)));
  else if (kind === 'delete') text.delete(at % (text.length + 1), Math.min(3, text.length - (at % (text.length + 1))));
  else if (kind === 'set') doc.getMap('m').set(`k${at % 3}`, at);
  else if (kind === 'nest') doc.getMap('m').set(`k${at % 3}`, Y.Array.from([at, { at }]));
  else if (kind === 'element') {
    const xml = doc.getXmlFragment('x');
    xml.insert(at % (xml.length + 1), [new Y.XmlElement('p')]);
  } else Y.applyUpdate(doc, Y.encodeStateAsUpdate(docs[(by + 1) % docs.length]!));
}

/** `isWhole`: nothing of it waits for an update that is missing, so each slice can be applied at once. */
function assemble(slices: readonly Uint8Array[], isWhole = true): Y.Doc {
  const doc = new Y.Doc();
  for (const slice of slices) {
    Y.applyUpdate(doc, slice);
    if (isWhole) expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
  }
  return doc;
}

it('slices can each be applied after those before, and make up the whole', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(79), (steps, cut) => {
      const docs = [1, 2, 3].map((clientID) => Object.assign(new Y.Doc(), { clientID }));
      const updates: Uint8Array[] = [];
      for (const doc of docs) doc.on('update', (update: Uint8Array) => void updates.push(update));
      for (const each of steps) act(docs, each);
      const whole = new Y.Doc();
      for (const update of updates) Y.applyUpdate(whole, update);
      const made = assemble(sliceUpdate(Y.encodeStateAsUpdate(whole)));
      expect(toJson(made)).toEqual(toJson(whole));
      expect(Y.encodeStateVector(made)).toEqual(Y.encodeStateVector(whole));
      // One update is missing: what waits for it waits, and comes when it is there.
      const missing = updates[cut % Math.max(1, updates.length)];
      const partial = new Y.Doc();
      for (const update of updates) if (update !== missing) Y.applyUpdate(partial, update);
      const later = assemble(sliceUpdate(Y.encodeStateAsUpdate(partial)), false);
      if (missing) Y.applyUpdate(later, missing);
      expect(toJson(later)).toEqual(toJson(whole));
    }),
    { numRuns: 100 },
  );
});

it('a slice is a small part of a large document', () => {
  const doc = new Y.Doc();
  for (let i = 0; i < 20_000; i++) doc.getArray('a').insert(0, [i]);
  doc.getArray('a').delete(0, 15_000);
  doc.getText('t').insert(0, 'x'.repeat(500_000));
  doc.getText('t').delete(0, 400_000);
  const slices = sliceUpdate(Y.encodeStateAsUpdate(doc));
  for (const slice of slices) {
    const { structs, ds } = Y.decodeUpdate(slice);
    expect(structs.length).toBeLessThanOrEqual(100);
    const deleted = [...ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0);
    expect(deleted).toBeLessThanOrEqual(20_000);
  }
  expect(toJson(assemble(slices))).toEqual(toJson(doc));
});
