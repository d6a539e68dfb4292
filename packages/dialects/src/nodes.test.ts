import type { Store, Watcher } from '@longwave/core';
import { facade } from '@longwave/testkit';
import { describe, expect, it, vi } from 'vitest';
import { type Editor, hocuspocusNames, openHocuspocus, openers } from './testing/clients.js';
import { openRaw, step1 } from './testing/raw.js';
import { startNodes } from './testing/server.js';

const names = Object.keys(openers);
const textOf = ({ text }: Editor): string => text.toJSON();
/** Each version with one of the other dialect, on another node. */
const pairs = names.map((name): [string, string] => [name, name.startsWith('y') ? 'hocuspocus 4' : 'y-websocket 3.1']);

async function open(name: string, port: number, options?: Parameters<(typeof openers)[string]>[2]): Promise<Editor> {
  const editor = openers[name]!(port, 'a', options);
  await editor.synced();
  return editor;
}

describe.each(pairs)('%s on one node and %s on another', (name, other) => {
  it('hocuspocus#178 hocuspocus#340: write one document, each update once, and see each other come and go', async () => {
    const [one, two] = await startNodes(2);
    const [here, there] = [await open(name, one!.port), await open(other, two!.port)];
    here.text.insert(0, 'here ');
    there.text.insert(0, 'there ');
    await expect.poll(() => textOf(here).length).toBe(11);
    await expect.poll(() => textOf(there)).toBe(textOf(here));
    here.awareness.setLocalStateField('user', 'ada');
    there.awareness.setLocalStateField('user', 'bob');
    const seen = (by: Editor, whom: Editor): unknown => by.awareness.getStates().get(whom.doc.clientID)?.['user'];
    await expect.poll(() => [seen(here, there), seen(there, here)]).toEqual(['bob', 'ada']);
    here.disconnect();
    await expect.poll(() => seen(there, here)).toBeUndefined();
    here.text.insert(0, 'offline ');
    there.text.insert(0, 'meanwhile ');
    await expect.poll(() => here.closed.length).toBe(1);
    here.connect();
    await expect.poll(() => textOf(there)).toContain('offline');
    await expect.poll(() => textOf(here)).toBe(textOf(there));
    await expect.poll(() => [seen(here, there), seen(there, here)]).toEqual(['bob', 'ada']);
    expect(await one!.operations('a')).toBe(4);
  });
});

it('the clients of a node that goes come to another with what they wrote, which is stored once', async () => {
  const [one, two] = await startNodes(2);
  const editors = await Promise.all(names.map((name) => open(name, one!.port)));
  for (const { name, text } of editors) text.insert(0, `${name};`);
  await one!.server.close({ drain: 0 });
  for (const editor of editors) editor.close();
  await Promise.all(editors.map(({ name, doc }) => open(name, two!.port, { doc })));
  const witness = await open('y-websocket 3.1', two!.port);
  await expect.poll(() => textOf(witness).split(';').toSorted()).toEqual(['', ...names.toSorted()]);
});

const isStep2 = (bytes: Uint8Array): boolean => bytes[0] === 0 && bytes[1] === 1;

/** Announces nothing of documents until it is let go. */
function withheld(store: Store): { readonly store: Store; release(): void } {
  const held: (() => void)[] = [];
  let isHeld = true;
  const later = (act: () => void): void => {
    if (isHeld) held.push(act);
    else act();
  };
  return {
    store: facade(store, {
      watch: (channel, watcher: Watcher) =>
        store.watch(
          channel,
          channel.startsWith('doc/')
            ? {
                announce: (epoch, op) => later(() => watcher.announce(epoch, op)),
                learn: (bounds) => later(() => watcher.learn(bounds)),
              }
            : watcher,
        ),
    }),
    release() {
      isHeld = false;
      for (const act of held.splice(0)) act();
    },
  };
}

it('a join is answered when all is there that was acknowledged before, though this node was not told of it yet', async () => {
  let slow: ReturnType<typeof withheld> | undefined;
  const [one, two] = await startNodes(2, (store) => (slow = withheld(store)).store);
  // It has the document open on the other node, and asks once more.
  const { socket, received } = await openRaw(two!.port, '/yjs/a');
  const answers = (): number => received.filter(isStep2).length;
  socket.send(step1);
  await expect.poll(answers).toBe(1);
  const writer = openHocuspocus('hocuspocus 4')(one!.port, 'a');
  await writer.synced();
  writer.text.insert(0, 'acknowledged');
  await expect.poll(() => writer.provider.unsyncedChanges).toBe(0);
  const top = vi.spyOn(two!.server.engine.documents, 'top');
  socket.send(step1);
  await expect.poll(() => top.mock.settledResults.map(({ value }) => value as number)).toEqual([1]);
  expect(answers()).toBe(1);
  slow!.release();
  await expect.poll(answers).toBe(2);
  const said = received.map((bytes) => new TextDecoder().decode(bytes));
  const text = said.findIndex((message) => message.includes('acknowledged'));
  expect(text).toBeGreaterThan(-1);
  expect(text).toBeLessThan(received.findLastIndex(isStep2));
});

it.each(hocuspocusNames)('%s: a stateless message reaches the clients of every node', async (name) => {
  const [one, two] = await startNodes(2);
  const heard: string[] = [];
  for (const { port } of [one!, two!]) {
    const { provider, synced } = openHocuspocus(name)(port, 'a');
    provider.on('stateless', ({ payload }: { payload: string }) => void heard.push(payload));
    await synced();
  }
  const stranger = openHocuspocus(name)(two!.port, 'b');
  stranger.provider.on('stateless', () => void heard.push('wrong'));
  await stranger.synced();
  await two!.hocuspocus.broadcastStateless('a', 'to all');
  await expect.poll(() => heard).toEqual(['to all', 'to all']);
});
