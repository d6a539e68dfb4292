import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { type Editor, hocuspocusNames, openHocuspocus, openers } from './testing/clients.js';
import { startServer } from './testing/server.js';

const names = Object.keys(openers);
const textOf = ({ text }: Editor): string => text.toJSON();

/** An editor that has the document open. */
async function open(name: string, port: number, room = 'a', options?: Parameters<(typeof openers)[string]>[2]) {
  const editor = openers[name]!(port, room, options);
  await editor.synced();
  return editor;
}

describe.each(names)('%s', (name) => {
  it('sends what was written offline, once', async () => {
    const { port, operations } = await startServer();
    const editor = await open(name, port);
    const reader = await open('y-websocket 3', port);
    editor.disconnect();
    editor.text.insert(0, 'offline');
    reader.text.insert(0, 'meanwhile ');
    await expect.poll(() => operations('a')).toBe(1);
    // A version that is told to connect while its socket is still closing may stay where it is.
    await expect.poll(() => editor.closed.length).toBe(1);
    editor.connect();
    await expect.poll(() => textOf(reader)).toContain('offline');
    await expect.poll(() => textOf(editor)).toBe(textOf(reader));
    expect(await operations('a')).toBe(2);
  });

  it('opens a document of a megabyte that nobody has open', async () => {
    const { port, y } = await startServer();
    const source = new Y.Doc();
    for (let i = 0; i < 64; i++) source.getText('t').insert(0, `${i}`.padEnd(16 * 1024, 'x'));
    const first = await open('y-websocket 3', port, 'a', { doc: source });
    await expect.poll(() => y.counts.stored).toBe(1);
    first.close();
    const editor = await open(name, port);
    expect(textOf(editor) === textOf(first)).toBe(true);
  });

  it('is told who is there, and that somebody went', async () => {
    const { port } = await startServer();
    const other = await open('y-websocket 3', port);
    other.awareness.setLocalStateField('user', 'other');
    const editor = await open(name, port);
    const seen = (): unknown => editor.awareness.getStates().get(other.doc.clientID)?.['user'];
    await expect.poll(seen).toBe('other');
    other.awareness.setLocalStateField('user', 'renamed');
    await expect.poll(seen).toBe('renamed');
    other.disconnect();
    await expect.poll(() => editor.awareness.getStates().has(other.doc.clientID)).toBe(false);
    other.connect();
    await expect.poll(seen).toBe('renamed');
    // Nobody but its owner speaks for a state, though all send it on.
    expect([...editor.awareness.getStates().keys()].length).toBe(2);
  });

  it('thinkroom#229: a join of an unchanged document stores nothing', async () => {
    const { port, operations } = await startServer();
    const writer = await open('y-websocket 3', port);
    writer.text.insert(0, 'some text to be deleted');
    writer.text.delete(4, 9);
    await expect.poll(() => operations('a')).toBe(2);
    const doc = new Y.Doc();
    for (let i = 0; i < 20; i++) (await open(name, port, 'a', { doc })).close();
    const last = await open(name, port, 'a', { doc });
    last.text.insert(0, '!');
    await expect.poll(() => textOf(writer)).toContain('!');
    expect(await operations('a')).toBe(3);
  });

  it('hocuspocus#821: a second client that comes while the document is read is served all of it', async () => {
    const { port } = await startServer();
    const writer = await open('y-websocket 3', port);
    writer.text.insert(0, 'whole');
    const editors = await Promise.all(Array.from({ length: 5 }, () => open(name, port)));
    await expect.poll(() => editors.map(textOf)).toEqual(editors.map(() => 'whole'));
  });
});

describe('a store that fails', () => {
  it.each(names)('hocuspocus#382: %s never gets an empty document for one that cannot be read', async (name) => {
    const { port, server } = await startServer();
    const writer = await open('y-websocket 3', port, 'kept');
    writer.text.insert(0, 'kept');
    await expect.poll(async () => (await server.engine.history('doc/kept', {})).ops.length).toBe(1);
    const { history } = server.engine;
    let asked = 0;
    server.engine.history = () => {
      asked++;
      return Promise.reject(new LongwaveError('unavailable', 'The disk is full.'));
    };
    const editor = openers[name]!(port, 'other');
    let synced = false;
    void editor.synced().then(() => (synced = true));
    await expect.poll(() => asked).toBeGreaterThan(0);
    expect(synced).toBe(false);
    server.engine.history = history;
    // It comes back by itself.
    await editor.synced();
  });
});

describe.each(hocuspocusNames)('%s', (name) => {
  it('counts a change as synced when it is stored', async () => {
    const { port, operations } = await startServer();
    const editor = openHocuspocus(name)(port, 'a');
    await editor.synced();
    await expect.poll(() => editor.provider.unsyncedChanges).toBe(0);
    for (const letter of 'abc') editor.text.insert(0, letter);
    expect(editor.provider.unsyncedChanges).toBe(3);
    await expect.poll(() => editor.provider.unsyncedChanges).toBe(0);
    expect(await operations('a')).toBe(3);
  });

  it('has several documents on one socket', async () => {
    const { port, operations, hocuspocus } = await startServer();
    const one = openHocuspocus(name)(port, 'one');
    const two = openHocuspocus(name)(port, 'two', { socket: one.socket });
    await Promise.all([one.synced(), two.synced()]);
    one.text.insert(0, '1');
    two.text.insert(0, '2');
    await expect.poll(async () => [await operations('one'), await operations('two')]).toEqual([1, 1]);
    expect(hocuspocus.counts.sockets).toBe(1);
    two.close();
    one.text.insert(0, '1');
    await expect.poll(() => operations('one')).toBe(2);
  });

  it('sends and gets stateless messages', async () => {
    const said: unknown[] = [];
    const { port, hocuspocus } = await startServer(
      {},
      {
        stateless: ({ document, channel, payload, reply }) => {
          said.push([document, channel, payload]);
          reply('answer');
        },
      },
    );
    const editor = openHocuspocus(name)(port, 'a');
    const heard: string[] = [];
    editor.provider.on('stateless', ({ payload }: { payload: string }) => void heard.push(payload));
    await editor.synced();
    editor.provider.sendStateless('question');
    await expect.poll(() => heard).toEqual(['answer']);
    expect(said).toEqual([['a', 'doc/a', 'question']]);
    await hocuspocus.broadcastStateless('a', 'to all');
    await expect.poll(() => heard).toEqual(['answer', 'to all']);
  });
});

it.each([
  [
    'throws',
    () => {
      throw new Error('odd');
    },
  ],
  ['rejects', () => Promise.reject(new Error('odd'))],
])('a handler of stateless messages that %s is logged, and ends no socket', async (_, stateless) => {
  const errors: unknown[] = [];
  const logger = { error: (_message: string, error: unknown) => errors.push(error), info: () => undefined };
  const { port } = await startServer({ logger }, { stateless });
  const editor = openHocuspocus('hocuspocus 4')(port, 'a');
  await editor.synced();
  editor.provider.sendStateless('question');
  editor.provider.sendStateless('another');
  await expect.poll(() => errors).toEqual([new Error('odd'), new Error('odd')]);
  editor.text.insert(0, 'goes on');
  await editor.synced();
});

it('hocuspocus 4: two providers of one document share a socket by their sessions', async () => {
  const { port, operations } = await startServer();
  const openFour = openHocuspocus('hocuspocus 4');
  const one = openFour(port, 'a', { sessionAwareness: true });
  const two = openFour(port, 'a', { sessionAwareness: true, socket: one.socket });
  await Promise.all([one.synced(), two.synced()]);
  one.text.insert(0, 'one');
  await expect.poll(() => textOf(two)).toBe('one');
  expect(await operations('a')).toBe(1);
});
