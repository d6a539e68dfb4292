import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { toJson } from '../documents/roots.js';
import { compareStates } from './compare.js';
import { becomeLike } from './restore.js';

type Edit = (doc: Y.Doc) => void;

function build(edits: readonly Edit[], from?: Y.Doc): Y.Doc {
  const doc = new Y.Doc();
  if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  doc.transact(() => {
    for (const edit of edits) edit(doc);
  });
  return doc;
}

function paragraph(text: string, level?: number): Y.XmlElement {
  const element = new Y.XmlElement(level === undefined ? 'paragraph' : 'heading');
  if (level !== undefined) element.setAttribute('level', String(level));
  const line = new Y.XmlText();
  line.insert(0, text);
  element.insert(0, [line]);
  return element;
}

const place = fc.nat(1000);
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(place, fc.string({ maxLength: 8 })).map(([at, text]): Edit => (doc) => {
    const root = doc.getText('text');
    root.insert(at % (root.length + 1), text);
  }),
  fc.tuple(place, place).map(([at, length]): Edit => (doc) => {
    const root = doc.getText('text');
    const start = at % (root.length + 1);
    root.delete(start, length % (root.length - start + 1));
  }),
  fc.tuple(place, fc.boolean()).map(([at, bold]): Edit => (doc) => {
    const root = doc.getText('text');
    if (root.length > 0) root.format(at % root.length, 1, { bold: bold || null });
  }),
  fc.tuple(fc.constantFrom('a', 'b'), fc.jsonValue()).map(([key, value]): Edit => (doc) => {
    doc.getMap('map').set(key, value);
  }),
  fc.constantFrom('a', 'b').map(
    (key): Edit =>
      (doc) =>
        doc.getMap('map').set(key, Y.Array.from([key])),
  ),
  fc.constantFrom('a', 'b').map(
    (key): Edit =>
      (doc) =>
        doc.getMap('map').delete(key),
  ),
  fc
    .tuple(place, fc.string({ maxLength: 5 }), fc.option(fc.nat(3), { nil: undefined }))
    .map(([at, text, level]): Edit => (doc) => {
      const root = doc.getXmlFragment('xml');
      root.insert(at % (root.length + 1), [paragraph(text, level)]);
    }),
  place.map((at): Edit => (doc) => {
    const root = doc.getXmlFragment('xml');
    if (root.length > 0) root.delete(at % root.length, 1);
  }),
  fc.tuple(place, fc.string({ maxLength: 5 })).map(([at, text]): Edit => (doc) => {
    const root = doc.getXmlFragment('xml');
    const block: unknown = root.length > 0 ? root.get(at % root.length) : undefined;
    if (block instanceof Y.XmlElement && block.length > 0) (block.get(0) as Y.XmlText).insert(0, text);
  }),
);

type Run = { readonly insert: string; readonly attributes?: object };

/** Yjs may give a text with the same marks in several runs: where a mark ended that begins again. */
function runs(text: Y.Text): Run[] {
  const joined: Run[] = [];
  for (const run of text.toDelta() as readonly Run[]) {
    const last = joined.at(-1);
    if (last && JSON.stringify(last.attributes) === JSON.stringify(run.attributes)) {
      joined[joined.length - 1] = { ...last, insert: last.insert + run.insert };
    } else joined.push(run);
  }
  return joined;
}

/** All of it, with marks and attributes; roots that are empty are as those that are not there. */
function read(doc: Y.Doc): unknown {
  return [runs(doc.getText('text')), doc.getMap('map').toJSON(), doc.getXmlFragment('xml').toJSON()];
}

it('a document comes to say what another one says, whatever was changed', () => {
  fc.assert(
    fc.property(fc.array(edits, { maxLength: 15 }), fc.array(edits, { maxLength: 15 }), (first, second) => {
      const old = build(first);
      const now = build(second, old);
      // As a version is read: nothing is known of its types.
      const model = build([], old);
      const copy = build([], now);
      copy.transact(() => becomeLike(copy, model));
      expect(read(copy)).toEqual(read(old));
      // What was restored says the same to whoever applies it as an update.
      const editor = build([], now);
      Y.applyUpdate(editor, Y.encodeStateAsUpdate(copy, Y.encodeStateVector(editor)));
      expect(read(editor)).toEqual(read(old));
    }),
    { numRuns: 300 },
  );
});

it('changes no more than differs', () => {
  const old = build([
    (doc) => doc.getXmlFragment('xml').insert(0, [paragraph('one'), paragraph('two'), paragraph('three')]),
  ]);
  const now = build(
    [(doc) => ((doc.getXmlFragment('xml').get(1) as Y.XmlElement).get(0) as Y.XmlText).insert(3, '!')],
    old,
  );
  const kept = [0, 1, 2].map((i) => now.getXmlFragment('xml').get(i));
  now.transact(() => becomeLike(now, build([], old)));
  expect([0, 1, 2].map((i) => now.getXmlFragment('xml').get(i))).toEqual(kept);
  expect(toJson(now)).toEqual(toJson(old));
});

it('tells the difference of two states, and who wrote it', () => {
  const old = build([
    (doc) => {
      doc.clientID = 1;
      doc.getText('text').insert(0, 'Hello world\nsecond');
      doc.getMap('map').set('a', 1);
      doc.getArray('list').push([1, 2]);
      doc.getXmlFragment('xml').insert(0, [paragraph('one'), paragraph('two')]);
      doc.getText('same').insert(0, 'same');
    },
  ]);
  const now = build(
    [
      (doc) => {
        doc.clientID = 2;
        doc.getText('text').insert(6, 'big ');
        doc.getText('text').delete(0, 1);
        doc.getText('text').insert(0, 'h');
        doc.getMap('map').set('a', 2);
        doc.getMap('map').set('b', [1]);
        doc.getArray('list').insert(1, ['x']);
        doc.getXmlFragment('xml').insert(1, [paragraph('between')]);
      },
    ],
    old,
  );
  const authors = new Map([
    [1, 'ada'],
    [2, 'bob'],
  ]);
  expect(compareStates({ doc: build([], old), authors }, { doc: build([], now), authors })).toEqual({
    text: {
      kind: 'text',
      parts: [
        { change: 'removed', text: 'H', user: 'ada' },
        { change: 'inserted', text: 'h', user: 'bob' },
        { change: 'kept', text: 'ello ', user: 'ada' },
        { change: 'inserted', text: 'big ', user: 'bob' },
        { change: 'kept', text: 'world\nsecond', user: 'ada' },
      ],
    },
    map: {
      kind: 'map',
      changes: [
        { key: 'a', before: 1, after: 2, user: 'bob' },
        { key: 'b', before: undefined, after: [1], user: 'bob' },
      ],
    },
    list: {
      kind: 'list',
      parts: [
        { change: 'kept', values: [1] },
        { change: 'inserted', values: ['x'] },
        { change: 'kept', values: [2] },
      ],
    },
    xml: {
      kind: 'text',
      parts: [
        { change: 'kept', text: 'one\n', user: 'ada' },
        { change: 'inserted', text: 'between\n', user: 'bob' },
        { change: 'kept', text: 'two', user: 'ada' },
      ],
    },
  });
});

it('tells which runs gained, lost and changed marks, in a text and in rich text', () => {
  const old = build([
    (doc) => {
      doc.clientID = 1;
      doc.getText('text').insert(0, 'plain bold linked');
      doc.getText('text').format(6, 4, { bold: true });
      doc.getText('text').format(11, 6, { link: { href: 'a' } });
      doc.getXmlFragment('xml').insert(0, [paragraph('one'), paragraph('two')]);
      doc.getText('same').insert(0, 'same', { bold: true });
    },
  ]);
  const now = build(
    [
      (doc) => {
        doc.clientID = 2;
        const text = doc.getText('text');
        text.format(0, 5, { italic: true });
        text.format(6, 4, { bold: null });
        text.format(11, 6, { link: { href: 'b' } });
        text.insert(17, '!', {});
        const line = (doc.getXmlFragment('xml').get(1) as Y.XmlElement).get(0) as Y.XmlText;
        line.format(0, 3, { strong: {} });
        // Twice the same: nothing changes.
        doc.getText('same').format(0, 4, { bold: true });
      },
    ],
    old,
  );
  const authors = new Map([
    [1, 'ada'],
    [2, 'bob'],
  ]);
  const compared = compareStates({ doc: build([], old), authors }, { doc: build([], now), authors });
  expect(compared).toEqual({
    text: {
      kind: 'text',
      parts: [
        { change: 'kept', text: 'plain', user: 'ada', marks: [{ name: 'italic', before: undefined, after: true }] },
        { change: 'kept', text: ' ', user: 'ada' },
        { change: 'kept', text: 'bold', user: 'ada', marks: [{ name: 'bold', before: true, after: undefined }] },
        { change: 'kept', text: ' ', user: 'ada' },
        {
          ...{ change: 'kept', text: 'linked', user: 'ada' },
          marks: [{ name: 'link', before: { href: 'a' }, after: { href: 'b' } }],
        },
        { change: 'inserted', text: '!', user: 'bob' },
      ],
    },
    xml: {
      kind: 'text',
      parts: [
        { change: 'kept', text: 'one\n', user: 'ada' },
        { change: 'kept', text: 'two', user: 'ada', marks: [{ name: 'strong', before: undefined, after: {} }] },
      ],
    },
  });
});
