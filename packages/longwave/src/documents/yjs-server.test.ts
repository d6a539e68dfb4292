import { createServer, defineChannels, doc, map } from 'longwave';
import { connect } from 'longwave/client';
import { createTestWorld } from 'longwave/testing';
import { bind } from 'longwave/yjs';
import { comments, documents, yjs } from 'longwave/yjs/server';
import { expect, it, onTestFinished } from 'vitest';
import * as Y from 'yjs';

const channels = defineChannels({ 'doc/:id': doc() });

/** Messages of updates that type this, letter by letter. */
function type(text: string): Uint8Array[] {
  const ydoc = new Y.Doc();
  const messages: Uint8Array[] = [];
  ydoc.on('update', (update: Uint8Array) => void messages.push(new Uint8Array([0, ...update])));
  for (const [i, letter] of [...text].entries()) ydoc.getText('body').insert(i, letter);
  return messages;
}

it('a server that does not know what documents mean does not start with one', () => {
  expect(() => createServer({ channels })).toThrow(/give the server `documents: yjs\(\)`/);
});

it('DOC-1, DOC-3: a real server stores updates, refuses all else, and compacts in a thread', async () => {
  const server = createServer({ channels, documents: yjs() });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const client = connect<typeof channels>(`http://127.0.0.1:${port}`);
  onTestFinished(() => client.close());
  const channel = client.channel('doc/a');
  for (const message of type('hello')) await channel.publish(message);
  await expect(channel.publish(new Uint8Array([0, 1, 2, 3]))).rejects.toMatchObject({ code: 'invalid-data' });
  expect(await server.engine.documents.compact('doc/a')).toBe(true);
  const { messages, floor, top } = await server.channel('doc/a').history({ after: 0 });
  expect([messages.length, floor, top]).toEqual([1, 4, 5]);
  await expect(channel.publish(messages[0]!.data)).rejects.toMatchObject({ code: 'invalid-data' });
  const heard = await new Promise<number>((resolve) => {
    channel.subscribe({ from: 'start' }, (_, { offset }) => resolve(offset));
  });
  expect(heard).toBe(5);
});

it('a test world has documents, which the application reads and edits there, with its versions and comments', async () => {
  const notes = comments({ document: 'doc/:id', comments: 'notes/:id', may: () => true });
  const world = createTestWorld({
    channels: { ...channels, 'notes/:id': map() },
    documents: yjs(),
    calls: { ...notes.calls },
    on: notes.hooks,
    authenticate: (token) => ({ user: token }),
    nodes: 2,
  });
  notes.open(world.server);
  const docs = documents(world.server);
  expect(await docs.seed('doc/a', (doc) => doc.getText('t').insert(0, 'seed'))).toBe(true);
  const client = world.connect({ token: 'ada' });
  const binding = bind(client.channel('doc/a'), new Y.Doc());
  await world.settle();
  await docs.versions('doc/a').save({ name: 'first' });
  await docs.edit('doc/a', (doc) => doc.getText('t').insert(4, 'ling'), { user: 'bob' });
  await world.settle();
  expect([await docs.text('doc/a'), binding.status.unsaved]).toEqual(['seedling', 0]);
  world.nodes[0]!.crash();
  expect(await docs.versions('doc/a').restore('1')).toBe(true);
  expect(await docs.json('doc/a')).toEqual({ t: 'seed' });
  const adding = client.call('addComment', { document: 'doc/a', text: 'Fine.' });
  await world.advance('2s');
  expect(await adding).toEqual({ thread: expect.any(String) as string });
});

it('a test world has the updates of a document', async () => {
  const world = createTestWorld({ channels, documents: yjs() });
  // Each time its client id is another, and may take a byte more or less.
  const updates = type('hi');
  for (const message of updates) await world.server.channel('doc/a').publish(message);
  const heard: Uint8Array[] = [];
  world
    .connect()
    .channel('doc/a')
    .subscribe({ from: 'start' }, (update) => heard.push(update));
  await world.settle();
  expect(heard).toEqual(updates.map((message) => expect.objectContaining({ length: message.length }) as unknown));
});
