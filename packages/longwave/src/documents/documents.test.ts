import { facade } from '@longwave/testkit';
import { type DocumentChange, documents } from 'longwave/yjs/server';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { startServers, storeKinds } from './testing/document-servers.js';

const body = (doc: Y.Doc): string => doc.getText('body').toJSON();
const insert =
  (text: string, at = 0) =>
  (doc: Y.Doc): void =>
    doc.getText('body').insert(at, text);

describe.each(storeKinds)('documents() over %s', (kind) => {
  it('edits and reads a document, with a user', async () => {
    const { servers } = startServers(kind);
    const docs = documents(servers[0]!);
    expect(body(await docs.read('doc/x'))).toBe('');
    expect(await docs.edit('doc/x', insert('world'), { user: 'ada' })).toBe(true);
    expect(await docs.edit('doc/x', insert('Hello '))).toBe(true);
    expect(await docs.edit('doc/x', () => undefined)).toBe(false);
    expect(body(await docs.read('doc/x'))).toBe('Hello world');
    const { updates } = await servers[0]!.engine.documents.read('doc/x');
    expect(updates.map(({ user }) => user)).toEqual(['ada', undefined]);
  });

  it('edits of several nodes at once merge', async () => {
    const { servers } = startServers(kind, 2);
    const [one, two] = servers.map((server) => documents(server));
    const words = Array.from({ length: 20 }, (_, i) => `word${i} `);
    await Promise.all(words.map(async (word, i) => (i % 2 === 0 ? one : two)!.edit('doc/x', insert(word))));
    const text = await one!.text('doc/x', 'body');
    expect(text.trim().split(' ').toSorted()).toEqual(words.map((word) => word.trim()).toSorted());
    expect(await two!.text('doc/x')).toBe(text);
  });

  it('a large edit travels in pieces and counts as one', async () => {
    const { servers } = startServers(kind);
    const docs = documents(servers[0]!);
    await docs.edit('doc/x', insert('z'.repeat(500_000)));
    expect((await docs.text('doc/x')).length).toBe(500_000);
    expect((await servers[0]!.channel('doc/x').history()).top).toBe(16);
    await servers[0]!.engine.documents.compact('doc/x');
    expect((await docs.text('doc/x')).length).toBe(500_000);
    expect((await servers[0]!.channel('doc/x').history()).floor).toBe(15);
  });

  it('seeds once over all nodes, with one content', async () => {
    const { servers } = startServers(kind, 2);
    for (const text of ['Untitled', 'y'.repeat(100_000)]) {
      const name = `doc/${text.length}`;
      const all = servers.flatMap((server) => [documents(server), documents(server)]);
      const results = await Promise.all(all.map(async (docs) => docs.seed(name, insert(text), { user: 'template' })));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await all[0]!.text(name)).toBe(text);
      expect(await all[0]!.seed(name, insert('late'))).toBe(false);
    }
  });

  it('tells of changes after a rest, whichever node they came from', async () => {
    const { servers } = startServers(kind, 2);
    const [one, two] = servers.map((server) => documents(server));
    const changes: { text: string; users: readonly string[] }[] = [];
    const stop = one!.onChange(
      'doc/x',
      ({ doc, users }) => void changes.push({ text: body(doc), users: users.toSorted() }),
      { debounce: 50 },
    );
    await two!.edit('doc/x', insert('a'), { user: 'ada' });
    await one!.edit('doc/x', insert('b'), { user: 'bob' });
    await expect.poll(() => changes.at(-1)?.text).toBe('ba');
    expect(changes.flatMap(({ users }) => users).toSorted()).toEqual(['ada', 'bob']);
    stop();
  });
});

describe('documents()', () => {
  it('rejects what is no document', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    for (const call of [
      (name: string) => docs.read(name),
      (name: string) => docs.edit(name, insert('a')),
      (name: string) => docs.seed(name, insert('a')),
    ]) {
      await expect(call('nowhere')).rejects.toMatchObject({ code: 'unknown-channel' });
      await expect(call('chat')).rejects.toMatchObject({ code: 'wrong-mode' });
    }
    await expect(docs.edit('doc/x', undefined as never)).rejects.toThrow('change is undefined');
    await expect(docs.edit('doc/x', insert('a'), { usr: 'ada' } as never)).rejects.toThrow("no option 'usr'");
    expect(() => docs.onChange('doc/x', () => undefined, { debounce: 'soon' as never })).toThrow('debounce');
  });

  it('an edit that throws, or goes on later, stores nothing', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    const failing = docs.edit('doc/x', (doc) => {
      insert('half')(doc);
      throw new Error('a slip');
    });
    await expect(failing).rejects.toThrow('a slip');
    const later = docs.edit('doc/x', (async (doc: Y.Doc) => insert('half')(doc)) as never);
    await expect(later).rejects.toThrow('returns a promise');
    expect((await servers[0]!.channel('doc/x').history()).top).toBe(0);
  });

  it('DOC-2: an edit that has no room stores none of its pieces; one that has room after a compaction is stored', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    await expect(docs.edit('small/x', insert('z'.repeat(120_000)))).rejects.toMatchObject({ code: 'too-large' });
    expect((await servers[0]!.channel('small/x').history()).top).toBe(0);
    await docs.edit('small/x', insert('z'.repeat(60_000)));
    await docs.edit('small/x', (doc) => doc.getText('body').delete(0, 60_000));
    await docs.edit('small/x', insert('y'.repeat(60_000)));
    expect((await docs.text('small/x')).length).toBe(60_000);
  });

  it('a document that cannot be read is an error, never an empty one', async () => {
    let fails = false;
    const { servers, told } = startServers('memory', 1, {}, (store) =>
      facade(store, {
        read: (channel, query) => {
          if (fails && channel === 'doc/x') throw new Error('the disk is away');
          return store.read(channel, query);
        },
      }),
    );
    const docs = documents(servers[0]!);
    await docs.edit('doc/x', insert('text'));
    fails = true;
    const unavailable = { code: 'unavailable' };
    await expect(docs.read('doc/x')).rejects.toMatchObject(unavailable);
    await expect(docs.edit('doc/x', insert('a'))).rejects.toMatchObject(unavailable);
    await expect(docs.seed('doc/x', insert('a'))).rejects.toMatchObject(unavailable);
    expect(
      (
        await servers[0]!
          .channel('doc/x')
          .history({ limit: 0 })
          .catch(() => ({ top: 1 }))
      ).top,
    ).toBe(1);
    const heard: DocumentChange[] = [];
    docs.onChange('doc/x', (change) => heard.push(change), { debounce: 20 });
    await servers[0]!.channel('doc/x').publish(new Uint8Array([0, 0, 0]), { user: 'ada' });
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(heard).toEqual([]);
    fails = false;
    // The author of a change is told all the same, when the document can be read again.
    await expect.poll(() => heard.map(({ doc, users }) => [body(doc), users])).toEqual([['text', ['ada']]]);
  });

  it('a seed that a node left half-way is made again by another', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    const text = 'y'.repeat(100_000);
    const name = 'doc/half';
    await docs.seed('doc/other', insert(text));
    const [first] = (await servers[0]!.channel('doc/other').history({ after: 0 })).messages;
    await servers[0]!.channel(name).publish(first!.data);
    expect(await docs.seed(name, insert(text))).toBe(false);
    const now = vi.spyOn(servers[0]!.engine.documents, 'now').mockImplementation(() => Date.now() + 61_000);
    expect(await docs.seed(name, insert(text))).toBe(true);
    expect(await docs.seed(name, insert(text))).toBe(false);
    now.mockRestore();
    expect(await docs.text(name)).toBe(text);
  });

  it('calls a handler that is slow once at a time, and goes on when one fails', async () => {
    const { servers, told } = startServers('memory');
    const docs = documents(servers[0]!);
    const texts: string[] = [];
    let release = (): void => undefined;
    docs.onChange(
      'doc/x',
      async ({ doc }) => {
        texts.push(body(doc));
        await new Promise<void>((resolve) => (release = resolve));
        throw new Error('the index is away');
      },
      { debounce: 0 },
    );
    await docs.edit('doc/x', insert('a'));
    await expect.poll(() => texts).toEqual(['a']);
    await docs.edit('doc/x', insert('b'));
    await docs.edit('doc/x', insert('c'));
    expect(texts).toEqual(['a']);
    release();
    await expect.poll(() => texts).toEqual(['a', 'cba']);
    release();
    await expect.poll(() => told.filter((line) => line.includes('the index is away'))).toHaveLength(2);
  });

  it('tells of a change in time, though it never rests', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    let isTold = false;
    docs.onChange('doc/x', () => void (isTold = true), { debounce: '1h', atLatest: 50 });
    await docs.edit('doc/x', insert('a'));
    await expect.poll(() => isTold).toBe(true);
  });
});

describe('json and text', () => {
  it('tell what stands in each kind of root', async () => {
    const { servers } = startServers('memory');
    const docs = documents(servers[0]!);
    await docs.edit('doc/x', (doc) => {
      const title = doc.getText('title');
      title.insert(0, 'A title');
      title.format(0, 1, { bold: true });
      doc.getMap('meta').set('tags', Y.Array.from(['a', 'b']));
      doc.getArray('list').push([1, { two: 2 }]);
      const paragraph = (text: string): Y.XmlElement => {
        const element = new Y.XmlElement('paragraph');
        const line = new Y.XmlText();
        line.insert(0, text);
        line.format(0, 1, { strong: {} });
        element.insert(0, [line]);
        return element;
      };
      const item = new Y.XmlElement('item');
      item.insert(0, [paragraph('in a list')]);
      const list = new Y.XmlElement('list');
      list.insert(0, [item]);
      doc.getXmlFragment('rich').insert(0, [paragraph('one'), new Y.XmlElement('paragraph'), list]);
      doc.getText('gone').insert(0, 'x');
      doc.getText('gone').delete(0, 1);
    });
    expect(await docs.json('doc/x')).toMatchObject({
      title: 'A title',
      meta: { tags: ['a', 'b'] },
      list: [1, { two: 2 }],
      gone: '',
    });
    expect(await docs.text('doc/x', 'rich')).toBe('one\n\nin a list');
    expect(await docs.text('doc/x', 'title')).toBe('A title');
    expect(await docs.text('doc/x', 'nothing')).toBe('');
    await expect(docs.text('doc/x')).rejects.toThrow('several texts');
    await expect(docs.text('doc/x', 'meta')).rejects.toThrow("'meta' is no text");
  });
});
