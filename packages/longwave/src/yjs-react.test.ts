// @vitest-environment happy-dom
import { yjs } from '@longwave/yjs/server';
import type { LongwaveError } from '@longwave/protocol';
import { renderToString } from 'react-dom/server';
import { createElement } from 'react';
import { expect, it, onTestFinished, vi } from 'vitest';
import { defineChannels, doc } from './index.js';
import { createTestWorld } from './testing.js';
import { renderHook } from './testing/render-hook.js';
import { bind } from './yjs.js';
import { useDocument } from './yjs-react.js';
import * as Y from 'yjs';

const channels = defineChannels({ 'doc/:id': doc() });

function openWorld() {
  const documents = yjs();
  onTestFinished(() => documents.close?.());
  const world = createTestWorld({ channels, documents, authenticate: (token) => ({ user: token ?? 'nobody' }) });
  const open = (token: string) => {
    const client = world.connect({ token });
    onTestFinished(() => client.close());
    return client;
  };
  return { world, open };
}

const textOf = (ydoc: Y.Doc): string => ydoc.getText('t').toJSON();

it('opens a document while it is mounted, and tells how it stands', async () => {
  const { world, open } = openWorld();
  const [ada, bob] = [open('ada'), open('bob')];
  const other = new Y.Doc();
  bind(bob.channel('doc/x'), other);
  other.getText('t').insert(0, 'Hello');
  await world.settle();
  const channel = ada.channel('doc/x');
  const page = renderHook(() => useDocument(channel), {});
  const { doc: ydoc, awareness } = await page.until(({ status }) => status.state === 'live');
  expect(textOf(ydoc)).toBe('Hello');
  const states = new Set(page.results.map(({ status }) => status.state));
  expect([...states]).toEqual(['opening', 'live']);
  ydoc.getText('t').insert(5, '!');
  await page.until(({ status }) => status.unsaved === 1);
  await page.until(({ status }) => status.unsaved === 0);
  await expect.poll(() => textOf(other)).toBe('Hello!');
  expect(new Set(page.results.map((result) => result.doc)).size).toBe(1);
  expect(new Set(page.results.map((result) => result.awareness))).toEqual(new Set([awareness]));

  const destroyed = vi.fn<() => void>();
  ydoc.on('destroy', destroyed);
  ydoc.getText('t').insert(6, '?');
  page.unmount();
  await expect.poll(() => textOf(other)).toBe('Hello!?');
  expect(destroyed).toHaveBeenCalledOnce();
});

it('is stable in Strict Mode, and subscribes once', async () => {
  const { open } = openWorld();
  const channel = open('ada').channel('doc/x');
  const subscribe = vi.spyOn(channel, 'subscribe');
  const page = renderHook(() => useDocument(channel), {}, { strict: true });
  const { doc: ydoc } = await page.until(({ status }) => status.state === 'live');
  ydoc.getText('t').insert(0, 'x');
  await page.until(({ status }) => status.unsaved === 1);
  await page.until(({ status }) => status.unsaved === 0);
  expect(new Set(page.results.map((result) => result.doc)).size).toBe(1);
  expect(subscribe).toHaveBeenCalledOnce();
});

it('does not render with what is written, but with the status', async () => {
  const { world, open } = openWorld();
  const [ada, bob] = [open('ada'), open('bob')];
  const channel = ada.channel('doc/x');
  const page = renderHook(() => useDocument(channel), {});
  const { doc: ydoc } = await page.until(({ status }) => status.state === 'live');
  await world.settle();
  const renders = page.results.length;
  const other = new Y.Doc();
  bind(bob.channel('doc/x'), other);
  for (let i = 0; i < 20; i++) {
    other.getText('t').insert(0, 'x');
    await world.settle();
  }
  expect([textOf(ydoc).length, page.results.length]).toEqual([20, renders]);
});

it('gives one Y.Doc to all components that show the same document', async () => {
  const { open } = openWorld();
  const client = open('ada');
  // Each component makes its own channel.
  const [first, second] = [client.channel('doc/x'), client.channel('doc/x')];
  const pages = [first, second].map((channel) => renderHook(() => useDocument(channel), {}));
  const shown = await Promise.all(pages.map((page) => page.until(({ status }) => status.state === 'live')));
  expect(shown[0]!.doc).toBe(shown[1]!.doc);
  expect(shown[0]!.awareness).toBe(shown[1]!.awareness);
  pages[0]!.unmount();
  shown[1]!.doc.getText('t').insert(0, 'still bound');
  await pages[1]!.until(({ status }) => status.unsaved === 1);
  await pages[1]!.until(({ status }) => status.unsaved === 0);
});

it('goes with the channel to another document, or to none', async () => {
  const { open } = openWorld();
  const client = open('ada');
  const by = { a: client.channel('doc/a'), b: client.channel('doc/b') };
  const page = renderHook((name: 'a' | 'b' | undefined) => useDocument(name && by[name]), 'a');
  const { doc: first } = await page.until(({ status }) => status.state === 'live');
  page.rerender('b');
  const { doc: second } = await page.until((result) => result.doc !== first && result.status.state === 'live');
  expect(second).not.toBe(first);
  page.rerender(undefined);
  await page.until((result) => result.doc === undefined);
  expect(page.results.at(-1)).toMatchObject({ awareness: undefined, status: { state: 'opening' } });
});

it('tells of a client that is closed', async () => {
  const { open } = openWorld();
  const client = open('ada');
  const channel = client.channel('doc/x');
  client.close();
  const page = renderHook(() => useDocument(channel), {});
  const { status } = await page.until(({ status: { state } }) => state === 'ended');
  expect((status.error as LongwaveError).code).toBe('closed');
});

it('renders on a server without opening anything', () => {
  const { open } = openWorld();
  const channel = open('ada').channel('doc/x');
  const subscribe = vi.spyOn(channel, 'subscribe');
  const Page = () => createElement('p', null, useDocument(channel).status.state);
  expect(renderToString(createElement(Page))).toBe('<p>opening</p>');
  expect(subscribe).not.toHaveBeenCalled();
});
