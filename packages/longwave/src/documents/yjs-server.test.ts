import { createServer, defineChannels, doc } from 'longwave';
import { connect } from 'longwave/client';
import { createTestWorld } from 'longwave/testing';
import { yjs } from 'longwave/yjs/server';
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

it('a test world has documents', async () => {
  const world = createTestWorld({ channels, documents: yjs() });
  for (const message of type('hi')) await world.server.channel('doc/a').publish(message);
  const heard: Uint8Array[] = [];
  world
    .connect()
    .channel('doc/a')
    .subscribe({ from: 'start' }, (update) => heard.push(update));
  await world.settle();
  expect(heard).toEqual(type('hi').map((message) => expect.objectContaining({ length: message.length }) as unknown));
});
