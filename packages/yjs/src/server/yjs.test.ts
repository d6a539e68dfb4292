import { readFileSync, readdirSync } from 'node:fs';
import { oddValues } from '@longwave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { Assembler } from '../format/assembler.js';
import { type CompactedPayload, decodePayload, encodeUpdate, encodeUpdates, pieceBytes } from '../format/payload.js';
import { type YjsOptions, yjs } from './yjs.js';

const opened: ReturnType<typeof yjs>[] = [];
const make = (options?: YjsOptions): ReturnType<typeof yjs> => {
  opened.push(yjs(options));
  return opened.at(-1)!;
};
afterEach(async () => {
  for (const format of opened.splice(0)) await format.close?.();
});

let groups = 0;
const makeGroup = (): string => (++groups).toString(16).padStart(16, '0');

/** The updates of one writer, each as it was made. */
function write(clientID: number, edits: readonly ((doc: Y.Doc) => void)[], from?: Uint8Array): Uint8Array[] {
  const doc = new Y.Doc();
  doc.clientID = clientID;
  if (from) Y.applyUpdate(doc, from);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => void updates.push(update));
  for (const edit of edits) edit(doc);
  return updates;
}

const letters = (count: number, clientID = 1): Uint8Array[] =>
  write(
    clientID,
    Array.from({ length: count }, (_, i) => (doc: Y.Doc) => doc.getText('t').insert(i, 'x')),
  );

const written = (updates: readonly Uint8Array[], user?: string) =>
  updates.flatMap((update) => encodeUpdates(update, makeGroup)).map((payload) => ({ payload, user, time: 1 }));

function open(...payloads: Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  const assembler = new Assembler();
  for (const payload of payloads) for (const update of assembler.take(payload)) Y.applyUpdate(doc, update);
  return doc;
}

const decode = (payload: Uint8Array): CompactedPayload => decodePayload(payload) as CompactedPayload;

describe('yjs().check', () => {
  it('DOC-3: takes updates and pieces, and refuses all else', async () => {
    const { check } = make();
    const [update] = letters(1);
    const pieces = encodeUpdates(new Uint8Array(pieceBytes + 1), makeGroup);
    for (const payload of [encodeUpdate(update!), encodeUpdate(new Uint8Array([0, 0])), ...pieces])
      expect(() => check(payload)).not.toThrow();
    const compacted = await make().compact(written(letters(2)));
    const long = new Uint8Array(pieces[0]!.length + 1).fill(1);
    long.set(pieces[0]!);
    for (const payload of [encodeUpdate(new Uint8Array([1])), compacted, long, pieces[0]!.subarray(0, 11)])
      expect(() => check(payload)).toThrow(expect.objectContaining({ code: 'invalid-data' }));
  });
});

describe('yjs().compact', () => {
  it('DOC-1: says in one message what all said, without what was deleted', async () => {
    const typed = letters(2000);
    const whole = Y.mergeUpdates(typed);
    const removed = write(2, [(doc) => doc.getText('t').delete(0, 1000)], whole);
    const result = await make().compact(written([...typed, ...removed]));
    const doc = open(result);
    expect(doc.getText('t').toJSON()).toBe('x'.repeat(1000));
    const plain = Y.encodeStateAsUpdate(doc);
    expect(result.length).toBeLessThan(1.2 * plain.length + 64);
  });

  it('a document of 3,000 sessions of a letter each compacts to what Yjs encodes, also when all is deleted', async () => {
    const sessions = Array.from({ length: 3000 }, (_, i) => letters(1, i + 1)).flat();
    const first = await make().compact(written(sessions));
    const doc = open(first);
    expect(doc.getText('t').length).toBe(3000);
    const cleared = write(9999, [(own) => own.getText('t').delete(0, 3000)], Y.encodeStateAsUpdate(doc));
    const last = await make().compact([{ payload: first, time: 1 }, ...written(cleared)]);
    expect(open(last).getText('t').length).toBe(0);
    expect(decode(last).update.length).toBeLessThanOrEqual(1.2 * Y.encodeStateAsUpdate(open(last)).length);
  });

  it('of nothing makes a document that says nothing', async () => {
    const result = await make().compact([]);
    expect(decode(result)).toMatchObject({ pieces: [], authors: {} });
    expect(open(result).share.size).toBe(0);
  });

  it('keeps who wrote: the first who brought the content of a client', async () => {
    const format = make();
    const [first] = letters(1, 7);
    const bob = write(8, [(doc) => doc.getText('t').insert(0, 'b')], first);
    const passedOn = Y.mergeUpdates([first!, ...bob]);
    const once = await format.compact([...written([first!], 'ada'), ...written([passedOn], 'bob')]);
    expect(decode(once).authors).toEqual({ 7: 'ada', 8: 'bob' });
    const more = letters(1, 9);
    const twice = await format.compact([
      { payload: once, time: 2 },
      ...written(more, 'eve'),
      ...written([passedOn], 'mallory'),
      ...written(letters(1, 10)),
    ]);
    expect(decode(twice).authors).toEqual({ 7: 'ada', 8: 'bob', 9: 'eve' });
  });

  it('loses neither structs that wait for others nor pieces of an update that is not whole', async () => {
    const format = make();
    const [a, b, c] = letters(3);
    const [large] = write(5, [(doc) => doc.getText('t').insert(0, 'y'.repeat(2 * pieceBytes))]);
    const [head, ...rest] = encodeUpdates(large!, makeGroup);
    const messages = [...written([a!, c!]), { payload: head!, user: 'ada', time: 1 }];
    const result = await format.compact(messages);
    expect(open(result).getText('t').toJSON()).toBe('x');
    expect(decode(result).pieces).toHaveLength(1);
    const tail = [...rest, encodeUpdate(b!)];
    const later = await format.compact([
      { payload: result, time: 2 },
      ...tail.map((payload) => ({ payload, user: 'ada', time: 3 })),
    ]);
    expect(decode(later)).toMatchObject({ pieces: [], authors: { 5: 'ada', 1: 'ada' } });
    expect(open(later).getText('t').length).toBe(3 + 2 * pieceBytes);
    expect(
      open(result, ...tail)
        .getText('t')
        .toJSON(),
    ).toBe(open(later).getText('t').toJSON());
  });

  it('lets go of pieces whose update did not become whole within a week, and of no younger ones', async () => {
    const format = make();
    const dayMs = 86_400_000;
    const [large] = write(5, [(doc) => doc.getText('t').insert(0, 'y'.repeat(2 * pieceBytes))]);
    const at = (payloads: readonly Uint8Array[], days: number) =>
      payloads.map((payload) => ({ payload, time: days * dayMs }));
    const orphans = encodeUpdates(large!, makeGroup).slice(0, 2);
    const others = encodeUpdates(large!, makeGroup).slice(0, 1);
    const updates = letters(4).map((update) => encodeUpdate(update));
    const first = await format.compact([...at(orphans, 1), ...at([updates[0]!], 1)]);
    expect(decode(first).pieces).toHaveLength(2);
    // A compaction has the time of the newest that it took in.
    const second = await format.compact([...at([first], 1), ...at(others, 5), ...at([updates[1]!], 7)]);
    expect(decode(second).pieces).toHaveLength(3);
    const third = await format.compact([...at([second], 7), ...at([updates[2]!], 8)]);
    expect(decode(third)).toMatchObject({
      pieces: [{ index: 0 }],
      since: { [decode(third).pieces[0]!.group]: 5 * dayMs },
    });
    const last = await format.compact([...at([third], 8), ...at([updates[3]!], 12)]);
    expect(decode(last)).toMatchObject({ pieces: [], since: {} });
    expect(open(last).getText('t').toJSON()).toBe('xxxx');
  });

  it('leaves out pieces that make up no update', async () => {
    const pieces = encodeUpdates(new Uint8Array(pieceBytes + 1).fill(255), makeGroup);
    const result = await make().compact([...written(letters(2)), ...pieces.map((payload) => ({ payload, time: 1 }))]);
    expect(open(result).getText('t').toJSON()).toBe('xx');
    expect(decode(result).pieces).toEqual([]);
  });

  it('leaves the bytes of the store alone, and takes many megabytes', async () => {
    const [large] = write(5, [(doc) => doc.getText('t').insert(0, 'z'.repeat(3_000_000))]);
    const messages = written([large!], 'ada');
    const bytes = () => Buffer.concat(messages.map(({ payload }) => payload));
    const before = bytes();
    const result = await make().compact(messages);
    expect(open(result).getText('t').length).toBe(3_000_000);
    expect(bytes().equals(before)).toBe(true);
  });

  it('does one after the other with one thread, and several at once with more', async () => {
    for (const workers of [1, 3]) {
      const format = make({ workers });
      const results = await Promise.all([1, 2, 3, 4, 5].map(async (count) => format.compact(written(letters(count)))));
      expect(results.map((result) => open(result).getText('t').length)).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('a message that is none fails its document alone', async () => {
    const format = make();
    const bad = format.compact([{ payload: new Uint8Array([9]), time: 1 }]);
    await expect(bad).rejects.toMatchObject({ code: 'unavailable' });
    expect(open(await format.compact(written(letters(2)))).getText('t').length).toBe(2);
  });

  it('what takes too long or too much ends its thread, and the next document gets another', async () => {
    const typed = written(letters(20_000));
    const hasty = make({ timeout: 1 });
    await expect(hasty.compact(typed)).rejects.toThrow('longer than 1 ms');
    const small = make({ memoryMiB: 16 });
    const scattered = written(
      write(
        3,
        Array.from({ length: 60_000 }, () => (doc: Y.Doc) => doc.getArray('a').insert(0, [1])),
      ),
    );
    await expect(small.compact(scattered)).rejects.toMatchObject({
      code: 'unavailable',
      cause: { code: 'ERR_WORKER_OUT_OF_MEMORY' },
    });
    expect(open(await small.compact(written(letters(2)))).getText('t').length).toBe(2);
  });

  it('close ends what is under way, and another node that shares it goes on', async () => {
    const format = make();
    const ended = Promise.resolve(format.compact(written(letters(5000)))).catch((error: unknown) => error);
    await format.close?.();
    expect(await ended).toMatchObject({ code: 'unavailable' });
    expect(open(await format.compact(written(letters(2)))).getText('t').length).toBe(2);
  });
});

describe('options of yjs', () => {
  const right = {
    workers: [],
    timeout: ['a duration as text'],
    memoryMiB: ['above 31 bits'],
    versions: ['false', 'an empty object'],
  };
  it.each(Object.entries(right))('%s takes what it can be, and refuses all else by its name', (name, fits) => {
    const taken = oddValues().filter(({ value }) => {
      if (value === undefined) return false;
      try {
        make({ [name]: value });
        return true;
      } catch (error) {
        expect(String(error)).toContain(name);
        return false;
      }
    });
    expect(taken.map((odd) => odd.name)).toEqual(fits);
  });
});

it.runIf(process.platform === 'linux')(
  'a thread that works on documents gives way to the others of its process',
  async () => {
    await make().compact(written(letters(2)));
    // The fields of a task behind its name, which may hold anything; the niceness is the nineteenth of all.
    const nicenesses = readdirSync('/proc/self/task').map((task) => {
      const text = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
      return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
    });
    const own = Math.min(...nicenesses);
    expect(nicenesses).toContain(Math.min(19, own + 5));
  },
);
