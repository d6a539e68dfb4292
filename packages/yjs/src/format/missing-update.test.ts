import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { missingUpdate } from './missing-update.js';

/** One edit of one of three documents, or the news of one that goes to another. */
interface Step {
  readonly at: number;
  readonly to: number;
  readonly kind: 'insert' | 'delete' | 'set' | 'tell';
  readonly where: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat(2),
  to: fc.nat(2),
  kind: fc.constantFrom('insert', 'delete', 'set', 'tell'),
  where: fc.nat(100),
});

const contentOf = (ydoc: Y.Doc): unknown => [ydoc.getText('t').toDelta(), ydoc.getMap('m').toJSON()];
const copyOf = (updates: readonly Uint8Array[]): Y.Doc => {
  const copy = new Y.Doc();
  for (const update of updates) Y.applyUpdate(copy, update);
  return copy;
};

function edit(docs: readonly Y.Doc[], { at, to, kind, where }: Step): void {
  const [ydoc, other] = [docs[at]!, docs[to]!];
  const text = ydoc.getText('t');
  if (kind === 'insert') text.insert(where % (text.length + 1), 'ab');
  else if (kind === 'delete' && text.length > 0) text.delete(where % text.length, 1);
  else if (kind === 'set') ydoc.getMap('m').set(`k${where % 2}`, where);
  else if (kind === 'tell') Y.applyUpdate(other, Y.encodeStateAsUpdate(ydoc));
}

it('what is missing makes the other equal, and then nothing is missing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const docs = [1, 2, 3].map((clientID) => Object.assign(new Y.Doc(), { clientID }));
      const log: Uint8Array[] = [];
      docs[0]!.on('update', (update: Uint8Array) => log.push(update));
      for (const each of steps) edit(docs, each);
      for (const ydoc of docs) {
        const all = Y.encodeStateAsUpdate(ydoc);
        const missing = missingUpdate(all, log);
        const both = missing ? [...log, missing] : log;
        const merged = copyOf([...log, all]);
        expect(contentOf(copyOf(both))).toEqual(contentOf(merged));
        expect(missingUpdate(all, both)).toBeUndefined();
        // Nothing of it was known before.
        if (missing) expect(missing.length).toBeLessThanOrEqual(Math.max(all.length, 2));
      }
      expect(missingUpdate(Y.encodeStateAsUpdate(docs[0]!), log)).toBeUndefined();
    }),
    {
      numRuns: 300,
      // Parts of a deletion that took more than the whole.
      examples: [
        [
          (['insert 0', 'delete 31', 'tell 0', 'delete 0', 'insert 0', 'delete 0'] as const).map((act) => {
            const [kind, where] = act.split(' ') as ['insert' | 'delete' | 'tell', string];
            return { at: 2, to: 0, kind, where: Number(where) };
          }),
        ],
      ],
    },
  );
});

it('of many deletions those that are new go alone', () => {
  const ydoc = new Y.Doc();
  const log: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => log.push(update));
  const text = ydoc.getText('t');
  text.insert(0, 'x'.repeat(3000));
  for (let i = 1000; i > 0; i--) text.delete(i * 2, 1);
  const known = [...log];
  text.insert(0, 'new');
  text.delete(500, 1);
  const all = Y.encodeStateAsUpdate(ydoc);
  expect(all.length).toBeGreaterThan(3000);
  expect(missingUpdate(all, known)!.length).toBeLessThan(40);
  expect(contentOf(copyOf([...known, missingUpdate(all, known)!]))).toEqual(contentOf(ydoc));
});

it('DOC-1: no struct goes as a deleted one without its deletion, for a log that has lost what was known of it', () => {
  const [writer, reader] = [new Y.Doc(), new Y.Doc()];
  const log: Uint8Array[] = [];
  writer.getArray('a').insert(0, ['kept', 'removed']);
  Y.applyUpdate(reader, Y.encodeStateAsUpdate(writer));
  writer.on('update', (update: Uint8Array) => log.push(update));
  writer.getArray('a').delete(1, 1);
  // The log has the deletion, and not what is deleted: all of the document is sent.
  const missing = missingUpdate(Y.encodeStateAsUpdate(writer), log)!;
  expect(copyOf([missing]).getArray('a').toJSON()).toEqual(['kept']);
  Y.applyUpdate(reader, missing);
  expect(reader.getArray('a').toJSON()).toEqual(['kept']);
});

it('an update whose predecessor is missing is known all the same', () => {
  const ydoc = new Y.Doc();
  const log: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => log.push(update));
  for (const letter of 'abc') ydoc.getText('t').insert(ydoc.getText('t').length, letter);
  const withGap = [log[0]!, log[2]!];
  expect(missingUpdate(Y.encodeStateAsUpdate(copyOf(withGap)), withGap)).toBeUndefined();
  const missing = missingUpdate(Y.encodeStateAsUpdate(ydoc), withGap)!;
  expect(
    copyOf([...withGap, missing])
      .getText('t')
      .toJSON(),
  ).toBe('abc');
});
