import { isUpdate } from '@longwave/yjs/format';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { checkParts } from './check-parts.js';
import { ClockRanges } from './clock-ranges.js';
import { Known, readStateVector, structsMissing } from './known.js';
import { scanParts, scanUpdate } from './scan-update.js';
import { atOnce, inTurns } from './turns.js';

/** Edits of every kind of content, by some writers who see each other now and then. */
function write(seed: readonly number[]): { readonly doc: Y.Doc; readonly updates: Uint8Array[] } {
  const docs = [new Y.Doc(), new Y.Doc(), new Y.Doc()];
  const updates: Uint8Array[] = [];
  docs.forEach((doc, i) => {
    doc.clientID = 1000 ** (i + 1);
    doc.on('update', (update: Uint8Array) => void updates.push(update));
  });
  seed.forEach((pick, step) => {
    const doc = docs[step % docs.length]!;
    edit(doc, pick);
    if (pick % 5 === 0) for (const other of docs) Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  });
  // Whoever reads formats cleans them up, by updates of their own.
  for (let i = 0; i < updates.length; i++) for (const doc of docs) Y.applyUpdate(doc, updates[i]!);
  return { doc: docs[0]!, updates };
}

function edit(doc: Y.Doc, pick: number): void {
  const text = doc.getText('t');
  const list = doc.getArray<unknown>('a');
  const tree = doc.getXmlFragment('x');
  switch (pick % 10) {
    case 0:
      return text.insert(pick % (text.length + 1), `ä😀${pick}`);
    case 1:
      return text.delete(0, Math.min(text.length, pick % 7));
    case 2:
      return list.insert(0, [
        pick,
        'text',
        null,
        1.5,
        true,
        { deep: [new Uint8Array([1]), -pick, undefined, 2n ** 40n] },
      ]);
    case 3:
      return list.insert(0, [new Y.Map([['k', new Y.Text('nested')]])]);
    case 4:
      return text.format(0, Math.min(text.length, 3), { bold: pick % 3 === 0 ? null : true });
    case 5:
      return text.insertEmbed(0, { image: pick });
    case 6:
      return tree.insert(0, [
        new Y.XmlElement(`p${pick}`),
        new Y.XmlText('x'),
        new Y.XmlHook('hook') as unknown as Y.XmlElement,
      ]);
    case 7:
      return void doc.getMap('m').set(`k${pick % 4}`, new Uint8Array([pick % 256]));
    case 8:
      return list.insert(0, [new Y.Doc({ guid: `g${pick}` })]);
    default:
      return list.delete(0, Math.min(list.length, 2));
  }
}

const shown = (doc: Y.Doc): unknown => [
  doc.getText('t').toDelta(),
  doc.getArray('a').map((item) => {
    if (item instanceof Y.Doc) return item.guid;
    return item instanceof Y.Map ? item.toJSON() : item;
  }),
  doc.getXmlFragment('x').toJSON(),
  doc.getMap('m').toJSON(),
];
const edits = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 40 });
const covers = (known: Known, update: Uint8Array): boolean => known.covers(scanUpdate(update));

function index(updates: readonly Uint8Array[]): Known {
  const known = new Known();
  for (const update of updates) known.add(scanUpdate(update));
  return known;
}

function isSound(update: Uint8Array): boolean {
  try {
    return atOnce(checkParts(update, scanUpdate(update)));
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-data' });
    return false;
  }
}

/** A number as Yjs writes it. */
function leb128(number: number): number[] {
  return number < 128 ? [number] : [(number & 127) | 128, ...leb128(number >> 7)];
}

describe('what an update says', () => {
  it('is known of every kind of content, as Yjs counts it', () => {
    fc.assert(
      fc.property(edits, (seed) => {
        const { doc, updates } = write(seed);
        const known = index(updates);
        const whole = Y.encodeStateAsUpdate(doc);
        expect(readStateVector(known.vector)).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)));
        expect(covers(known, whole)).toBe(true);
        expect(index([whole]).vector.length).toBe(known.vector.length);
        expect(covers(index([whole]), Y.mergeUpdates(updates))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is all that a reader lacks, whatever it has', () => {
    fc.assert(
      fc.property(edits, fc.nat(), (seed, some) => {
        const { doc, updates } = write(seed);
        const [reader, readerOfYjs] = [new Y.Doc(), new Y.Doc()];
        for (const update of updates.slice(0, some % (updates.length + 1))) {
          Y.applyUpdate(reader, update);
          Y.applyUpdate(readerOfYjs, update);
        }
        // As Yjs itself does it: an edit between the halves of a surrogate pair is shown otherwise where it was made.
        Y.applyUpdate(readerOfYjs, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(readerOfYjs)));
        const has = readStateVector(Y.encodeStateVector(reader));
        const whole = Y.encodeStateAsUpdate(doc);
        const missing = structsMissing(whole, scanUpdate(whole).blocks, has);
        if (missing) Y.applyUpdate(reader, missing);
        Y.applyUpdate(reader, index(updates).deletions);
        expect(shown(reader)).toEqual(shown(readerOfYjs));
        expect(Y.decodeStateVector(Y.encodeStateVector(reader))).toEqual(Y.decodeStateVector(Y.encodeStateVector(doc)));
      }),
      { numRuns: 60 },
    );
  });

  it('is nothing where it is known, and without the deletions that are known', () => {
    const { doc, updates } = write([0, 5, 1, 2, 9, 3]);
    const known = index(updates);
    const whole = Y.encodeStateAsUpdate(doc);
    expect(known.reduce(whole, scanUpdate(whole))).toBeUndefined();
    const before = Y.encodeStateVector(doc);
    doc.getText('t').insert(0, 'more');
    const answer = Y.encodeStateAsUpdate(doc, before);
    const news = known.reduce(answer, scanUpdate(answer))!;
    expect(news.length).toBeLessThan(answer.length);
    expect(scanUpdate(news).deletions).toEqual([]);
    const reader = new Y.Doc();
    for (const update of [...updates, news]) Y.applyUpdate(reader, update);
    expect(reader.getText('t').toJSON()).toBe(doc.getText('t').toJSON());
  });

  it('has the deletions in the very bytes of Yjs', () => {
    fc.assert(
      fc.property(edits, (seed) => {
        const { doc, updates } = write(seed);
        const ofYjs = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc));
        // Yjs deletes the loser of two who set one key by itself: an answer of those who did says so.
        expect(index([...updates, ofYjs]).deletions).toEqual(ofYjs);
      }),
      { numRuns: 60 },
    );
  });

  it('DOC-1: keeps the deletions of the structs beside them: a log may lose what was known of it', () => {
    const [doc, reader] = [new Y.Doc(), new Y.Doc()];
    doc.getArray('a').insert(0, ['kept', 'removed']);
    Y.applyUpdate(reader, Y.encodeStateAsUpdate(doc));
    const deletions: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => void deletions.push(update));
    doc.getArray('a').delete(1, 1);
    const whole = Y.encodeStateAsUpdate(doc);
    Y.applyUpdate(reader, index(deletions).reduce(whole, scanUpdate(whole))!);
    expect(reader.getArray('a').toJSON()).toEqual(['kept']);
  });

  it('counts also behind a gap', () => {
    const doc = new Y.Doc();
    const updates: Uint8Array[] = [];
    doc.on('update', (update: Uint8Array) => void updates.push(update));
    for (const letter of 'abc') doc.getText('t').insert(0, letter);
    const known = index([updates[0]!, updates[2]!]);
    expect(covers(known, updates[2]!)).toBe(true);
    expect(covers(known, updates[1]!)).toBe(false);
    expect([...readStateVector(known.vector).values()]).toEqual([1]);
    // Yjs puts a skip in its place.
    const merged = Y.mergeUpdates([updates[0]!, updates[2]!]);
    expect(covers(known, merged)).toBe(true);
    expect(covers(index([merged]), updates[1]!)).toBe(false);
  });

  it('is the same where it is read bit by bit, and found by its marks', async () => {
    const doc = new Y.Doc();
    const list = doc.getArray('a');
    // None of them can be one with its neighbour.
    for (let i = 0; i < 6000; i++) list.insert(0, [i]);
    list.delete(10, 1);
    const whole = Y.encodeStateAsUpdate(doc);
    const scan = scanUpdate(whole);
    expect(await inTurns(scanParts(whole))).toEqual(scan);
    expect(scan.blocks[0]!.marks.length).toBeGreaterThan(3);
    for (const clock of [0, 1, 1023, 1024, 1025, 2048, 5000, 5999]) {
      const missing = structsMissing(whole, scan.blocks, new Map([[doc.clientID, clock]]))!;
      // As Yjs itself does it.
      const expected = Y.diffUpdate(whole, Y.encodeStateVector(new Map([[doc.clientID, clock]])));
      expect(scanUpdate(missing).blocks).toEqual(scanUpdate(expected).blocks);
    }
    await expect(inTurns(scanParts(whole.subarray(0, -9000)))).rejects.toMatchObject({ code: 'invalid-data' });
  });

  it.each([
    ['blocks', (count: number) => [...leb128(count), ...Array.from({ length: count }, () => [0, 1, 0]).flat(), 0]],
    ['clients', (count: number) => [0, ...leb128(count), ...Array.from({ length: count }, () => [1, 0]).flat()]],
  ])('is read bit by bit also where its %s are empty', async (_, make) => {
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    const scanned = inTurns(scanParts(Uint8Array.from(make(10_000))));
    count();
    await scanned;
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('is sound where Yjs says so, looked at in parts', () => {
    const list = new Y.Doc();
    for (let i = 0; i < 400; i++) list.getArray('a').insert(0, [i]);
    const long = Y.encodeStateAsUpdate(list);
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 });
    fc.assert(
      fc.property(fc.option(edits), flips, fc.nat(3), (seed, flipped, cut) => {
        const whole = seed ? Y.encodeStateAsUpdate(write(seed).doc) : long.slice();
        for (const [at, byte] of flipped) whole[at % whole.length] = byte;
        const update = whole.subarray(0, whole.length - cut);
        expect(isSound(update)).toBe(isUpdate(update));
      }),
      { numRuns: 600 },
    );
    const followed = Uint8Array.of(0, 0, 7);
    expect([isSound(followed), isUpdate(followed)]).toEqual([true, true]);
  });

  it('DOC-3: random bytes are refused or read, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          index([bytes]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-data' });
        }
      }),
      { numRuns: 5000 },
    );
  });
});

it('ranges are those of a set of numbers', () => {
  const range = fc.tuple(fc.nat(60), fc.nat(12));
  fc.assert(
    fc.property(fc.array(fc.array(range, { maxLength: 30 }), { maxLength: 8 }), range, (batches, [from, length]) => {
      const ranges = new ClockRanges();
      const all = new Set<number>();
      for (const batch of batches) {
        ranges.addAll(
          1,
          batch.map(([start, size]) => ({ from: start, to: start + size })),
        );
        for (const [start, size] of batch) for (let i = 0; i < size; i++) all.add(start + i);
      }
      const asked = Array.from({ length }, (_, i) => from + i);
      expect(ranges.covers(1, from, from + length)).toBe(asked.every((clock) => all.has(clock)));
      const bounds = ranges.boundsOf(1);
      expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
      expect(new Set(bounds).size).toBe(bounds.length);
      let size = 0;
      for (let i = 0; i < bounds.length; i += 2) size += bounds[i + 1]! - bounds[i]!;
      expect(size).toBe(all.size);
    }),
  );
});
