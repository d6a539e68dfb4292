import { connect } from 'longwave/client';
import { bind } from 'longwave/yjs';
import { documents } from 'longwave/yjs/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';
import { type channels, startServers, storeKinds } from './testing/document-servers.js';

const body = (doc: Y.Doc): string => doc.getText('body').toJSON();
const insert =
  (text: string, at = 0) =>
  (doc: Y.Doc): void =>
    doc.getText('body').insert(at, text);

describe.each(storeKinds)('versions of documents over %s', (kind) => {
  it('are saved, listed, read, compared and restored, on any node', async () => {
    const { servers } = startServers(kind, 2);
    const [one, two] = servers.map((server) => documents(server));
    const [here, there] = [one!.versions('doc/x'), two!.versions('doc/x')];
    await one!.edit('doc/x', insert('Hello world'), { user: 'ada' });
    const saved = await here.save({ name: 'Draft', user: 'ada' });
    await two!.edit('doc/x', insert('big ', 6), { user: 'bob' });
    await two!.edit('doc/x', (doc) => doc.getText('body').delete(0, 5));
    expect(await there.list()).toEqual([saved]);
    expect(saved).toMatchObject({ id: '1', name: 'Draft', user: 'ada', offset: 1 });
    expect(body(await there.read('1'))).toBe('Hello world');
    expect(await there.compare('1', 'now')).toEqual({
      body: {
        kind: 'text',
        parts: [
          { change: 'removed', text: 'Hello', user: 'ada' },
          { change: 'kept', text: ' ', user: 'ada' },
          { change: 'inserted', text: 'big ', user: 'bob' },
          { change: 'kept', text: 'world', user: 'ada' },
        ],
      },
    });
    expect(await there.restore('1', { user: 'eve' })).toBe(true);
    expect(await one!.text('doc/x')).toBe('Hello world');
    expect(await there.restore('1')).toBe(false);
    expect((await servers[0]!.engine.documents.read('doc/x')).updates.at(-1)).toMatchObject({ user: 'eve' });
    await expect(there.restore('9')).rejects.toMatchObject({ code: 'trimmed' });
  });

  it('one is made when a document rests, by the node that wrote last', async () => {
    const { servers, told } = startServers(kind, 2, { versions: { idle: 100 } });
    const [one, two] = servers.map((server) => documents(server));
    await one!.edit('doc/x', insert('a'), { user: 'ada' });
    await two!.edit('doc/x', insert('b'), { user: 'bob' });
    const offsets = async () => (await one!.versions('doc/x').list()).map(({ offset }) => offset);
    await expect.poll(async () => (await offsets()).at(-1)).toBe(2);
    await two!.edit('doc/x', insert('c'));
    await expect.poll(async () => (await offsets()).at(-1)).toBe(3);
    const versions = await two!.versions('doc/x').list();
    expect(versions.map(({ name }) => name).filter((name) => name !== undefined)).toEqual([]);
    // Each state once, however long the edits took.
    expect(await offsets()).toEqual([...new Set(await offsets())]);
    expect(body(await one!.versions('doc/x').read(versions.at(-1)!.id))).toBe('cba');
    // It took the place of the updates as well.
    expect((await servers[0]!.engine.documents.read('doc/x')).updates).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('one is made after many updates', async () => {
    const { servers } = startServers(kind, 1, { versions: { idle: '1h', updates: 10 } });
    const docs = documents(servers[0]!);
    for (let i = 0; i < 25; i++) await docs.edit('doc/x', insert('x'));
    await expect.poll(() => docs.versions('doc/x').list()).not.toHaveLength(0);
    const [first] = await docs.versions('doc/x').list();
    expect(first!.offset).toBeGreaterThanOrEqual(10);
  });
});

it('none is made by itself where the server does not want it', async () => {
  const { servers } = startServers('memory', 1, { versions: false });
  const docs = documents(servers[0]!);
  const source = new Y.Doc();
  const updates: Uint8Array[] = [];
  source.on('update', (update: Uint8Array) => void updates.push(new Uint8Array([0, ...update])));
  for (let i = 0; i < 600; i++) source.getMap('m').set('i', i);
  for (const update of updates) await servers[0]!.channel('doc/x').publish(update);
  await servers[0]!.engine.documents.compact('doc/x');
  expect(await docs.versions('doc/x').list()).toEqual([]);
  expect(await docs.versions('doc/x').save({ name: 'mine' })).toMatchObject({ id: '1', offset: 600 });
});

it('restoring one is an edit that open editors follow', async () => {
  const { servers } = startServers('memory');
  const docs = documents(servers[0]!);
  const { port } = await servers[0]!.listen({ port: 0, host: '127.0.0.1' });
  await docs.edit('doc/x', insert('first'));
  await docs.versions('doc/x').save({ name: 'first' });
  const client = connect<typeof channels>(`http://127.0.0.1:${port}`);
  onTestFinished(() => client.close());
  const editor = new Y.Doc();
  const binding = bind(client.channel('doc/x'), editor);
  await binding.synced;
  editor.getText('body').insert(5, ' and more');
  await expect.poll(() => docs.text('doc/x')).toBe('first and more');
  expect((await servers[0]!.inspect()).channels).toMatchObject([{ channel: 'doc/x', mode: 'doc', versions: 1 }]);
  await docs.versions('doc/x').restore('1');
  await expect.poll(() => body(editor)).toBe('first');
  editor.getText('body').insert(5, '!');
  await expect.poll(() => docs.text('doc/x')).toBe('first!');
});

it('refuses what is no name', async () => {
  const { servers } = startServers('memory');
  const versions = documents(servers[0]!).versions('doc/x');
  await expect(versions.save({} as never)).rejects.toThrow('name is undefined');
  await expect(versions.save({ name: 'x'.repeat(201) })).rejects.toThrow('name');
  await expect(versions.restore('1', { usr: 'x' } as never)).rejects.toThrow("no option 'usr'");
});
