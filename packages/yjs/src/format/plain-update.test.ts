import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { isUpdate } from './check-update.js';
import { isPlainUpdate } from './plain-update.js';

function updatesOf(edit: (doc: Y.Doc) => void): Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  edit(doc);
  return [...updates, Y.encodeStateAsUpdate(doc)];
}

const typed = updatesOf((doc) => {
  const text = doc.getText('text');
  for (const [i, letter] of [...'Hello you'].entries()) text.insert(i, letter);
  text.insert(3, 'pasted');
  text.delete(1, 4);
  text.insert(2, 'more');
});

it('knows what people type', () => {
  expect(typed.length).toBeGreaterThan(10);
  expect(typed.map((update) => isPlainUpdate(update))).toEqual(typed.map(() => true));
  const behind = new Uint8Array([99, ...typed[0]!]);
  expect([isPlainUpdate(behind, 1), isPlainUpdate(behind)]).toEqual([true, false]);
});

it('says nothing of other contents, and of what Yjs would read otherwise', () => {
  const others = [
    updatesOf((doc) => doc.getText('text').insert(0, 'é'))[0]!,
    updatesOf((doc) => doc.getMap('map').set('a', 1))[0]!,
    updatesOf((doc) => doc.getText('text').insert(0, 'bold', { bold: true }))[0]!,
    new Uint8Array([...typed[0]!, 0]),
    new Uint8Array([1, 1, 5, 1, 0x81, 5, 1, 1, 0]),
    new Uint8Array([0, 1, 5, 1, 7, 0]),
  ];
  expect(others.map((update) => isPlainUpdate(update))).toEqual(others.map(() => false));
});

it('DOC-3: takes nothing that is refused when it is decoded', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...typed),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }),
      fc.nat(60),
      fc.uint8Array({ maxLength: 40 }),
      (update, changes, length, random) => {
        const changed = update.slice();
        for (const [at, byte] of changes) if (at < changed.length) changed[at] = byte;
        for (const bytes of [random, changed, update.subarray(0, length)])
          if (isPlainUpdate(bytes)) expect(isUpdate(bytes)).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
});
