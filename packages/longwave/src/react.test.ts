// @vitest-environment happy-dom
import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { expect, it, onTestFinished } from 'vitest';
import * as hooks from './react.js';
import { useMap, useMessages, useValue } from './react.js';
import { startFixture, useChannel, useClient, useConnection } from './testing/react-fixture.js';

it('gives what is there by name, and nothing else', () => {
  expect(Object.keys(hooks).toSorted()).toEqual([
    'createHooks',
    'useHistory',
    'useMap',
    'useMemberCount',
    'useMessages',
    'usePresence',
    'useSubscription',
    'useTyping',
    'useUnread',
    'useValue',
  ]);
});

it('shows the messages of a log, from where it was asked to', async () => {
  const { server, open } = await startFixture();
  for (const text of ['a', 'b', 'c']) await server.channel('chat/lobby').publish({ text });
  const { client, render } = open('ada');
  const page = render(() => useMessages(useChannel('chat/lobby'), { from: { last: 2 }, keep: 3 }), {});
  expect((await page.until(({ state }) => state === 'live')).messages.map(({ data }) => data.text)).toEqual(['b', 'c']);
  expect(page.results[0]).toMatchObject({ state: 'pending', error: undefined, messages: [], outgoing: [] });
  await client.channel('chat/lobby').publish({ text: 'd' });
  await client.channel('chat/lobby').publish({ text: 'e' });
  const { messages } = await page.until((result) => result.messages.at(-1)?.data.text === 'e');
  expect(messages.map(({ data, meta }) => `${data.text} ${meta.user}`)).toEqual(['c undefined', 'd ada', 'e ada']);
});

it('is live when a log is empty, and begins anew with another channel or another start', async () => {
  const { server, open } = await startFixture();
  await server.channel('chat/b').publish({ text: 'in b' });
  const { sent, render } = open('ada');
  const page = render(
    ({ room, last }: { room: string; last: number }) => useMessages(useChannel(`chat/${room}`), { from: { last } }),
    { room: 'a', last: 5 },
  );
  expect((await page.until(({ state }) => state === 'live')).messages).toEqual([]);
  page.rerender({ room: 'b', last: 5 });
  await page.until(({ messages }) => messages[0]?.data.text === 'in b');
  page.rerender({ room: 'b', last: 0 });
  expect((await page.until(({ state, messages }) => state === 'live' && messages.length === 0)).messages).toEqual([]);
  expect(await sent('unsubscribe')).toBe(1);
});

it('shows a map, and gives the entries that did not change as they were', async () => {
  const { server, open } = await startFixture();
  await server.channel('quotes').put('ACME', { price: 1 });
  const { client, render } = open('ada');
  const page = render(() => useMap(useChannel('quotes')), {});
  const before = await page.until(({ state }) => state === 'live');
  expect([...before.entries]).toEqual([['ACME', { price: 1 }]]);
  await client.channel('quotes').put('INIT', { price: 2 });
  const after = await page.until(({ entries }) => entries.size === 2);
  expect(after.entries.get('ACME')).toBe(before.entries.get('ACME'));
  expect(after.entry('INIT')).toMatchObject({ value: { price: 2 }, version: 2, user: 'ada' });
  expect(before.entries.size).toBe(1);
});

it('exchanges the view of a subscription that stands, and not for one that is the same', async () => {
  const { server, open } = await startFixture();
  for (const [i, key] of ['a', 'b', 'c'].entries()) await server.channel('quotes').put(key, { price: i });
  const { sent, render } = open('ada');
  const page = render((keys: readonly string[]) => useMap(useChannel('quotes'), { keys }), ['a', 'b']);
  expect([...(await page.until(({ state }) => state === 'live')).entries.keys()]).toEqual(['a', 'b']);
  page.rerender(['a', 'b']);
  page.rerender(['b', 'c']);
  const { entries } = await page.until((result) => result.entries.has('c'));
  expect([...entries.keys()].toSorted()).toEqual(['b', 'c']);
  expect(page.results.every(({ state, entries: shown }) => state === 'pending' || shown.size === 2)).toBe(true);
  expect([await sent('subscribe'), await sent('track'), await sent('unsubscribe')]).toEqual([1, 1, 0]);
});

it('shows a value, with what is known of it', async () => {
  const { open } = await startFixture();
  const { client, render } = open('ada');
  const page = render(() => useValue(useChannel('score')), {});
  expect(await page.until(({ state }) => state === 'live')).toMatchObject({ value: undefined, entry: undefined });
  await client.channel('score').set(3);
  const { entry } = await page.until(({ value }) => value === 3);
  expect(entry).toMatchObject({ value: 3, version: 1, user: 'ada' });
  await client.channel('score').clear({ expect: entry!.version });
  await page.until(({ value }) => value === undefined);
});

it('shows why a subscription has ended, and what was there before', async () => {
  let isAllowed = true;
  const { server, open } = await startFixture({ authorize: () => isAllowed });
  await server.channel('quotes').put('ACME', { price: 1 });
  const { client, render } = open('ada');
  const page = render(() => useMap(useChannel('quotes')), {});
  await page.until(({ state }) => state === 'live');
  isAllowed = false;
  await client.refresh();
  const { error, entries } = await page.until(({ state }) => state === 'ended');
  expect(error?.code).toBe('forbidden');
  expect([...entries.keys()]).toEqual(['ACME']);

  const late = render(() => useMessages(useChannel('chat/lobby'), { from: 'start' }), {});
  expect((await late.until(({ state }) => state === 'ended')).error?.code).toBe('forbidden');
  client.close();
  const last = render(() => useValue(useChannel('score')), {});
  expect((await last.until(({ state }) => state === 'ended')).error?.code).toBe('closed');
});

it('subscribes once where Strict Mode mounts twice, and leaves nothing behind', async () => {
  const { open } = await startFixture();
  const { sent, render } = open('ada');
  const useAll = () => ({
    ...{ chat: useMessages(useChannel('chat/lobby')), quotes: useMap(useChannel('quotes')) },
    ...{ score: useValue(useChannel('score')) },
  });
  const page = render(useAll, {}, { strict: true });
  await page.until(({ chat, quotes, score }) => [chat, quotes, score].every(({ state }) => state === 'live'));
  expect([await sent('subscribe'), await sent('unsubscribe')]).toEqual([3, 0]);
  page.unmount();
  expect([await sent('subscribe'), await sent('unsubscribe')]).toEqual([3, 3]);
});

it('keeps the subscription when another component takes the place of one', async () => {
  const { open } = await startFixture();
  const { sent, render } = open('ada');
  const page = render((n: number) => ({ ...useMap(useChannel('quotes')), n }), 1);
  await page.until(({ state }) => state === 'live');
  page.replace(2);
  await page.until(({ state, n }) => state === 'live' && n === 2);
  expect([await sent('subscribe'), await sent('unsubscribe')]).toEqual([1, 0]);
});

it('renders again for news only', async () => {
  const { server, open } = await startFixture();
  const { client, render } = open('ada');
  const page = render(() => useMap(useChannel('quotes'), { keys: ['ACME'] }), {});
  await page.until(({ state }) => state === 'live');
  const before = page.results.length;
  await server.channel('quotes').put('OTHER', { price: 1 });
  client.reconnect();
  await client.channel('quotes').put('ACME', { price: 2 });
  await page.until(({ entries }) => entries.get('ACME')?.price === 2);
  expect(page.results).toHaveLength(before + 1);
});

it('follows the connection and its transport', async () => {
  const { open } = await startFixture();
  const { client, render } = open('ada');
  const page = render(() => useConnection(), {});
  expect(await page.until(({ status }) => status === 'connected')).toMatchObject({
    transport: 'websocket',
    user: 'ada',
  });
  expect(page.results[0]?.status).toBe('connecting');
  client.close();
  expect((await page.until(({ status }) => status === 'closed')).status).toBe('closed');
});

it('is rendered by a server as a page that has nothing yet, which a page with a connection takes over', async () => {
  const { server, open } = await startFixture();
  await server.channel('score').set(3);
  const { sent, wrap } = open('ada');
  const Page = () => {
    const { state, value } = useValue(useChannel('score'));
    return `${useConnection().status} ${state} ${value}`;
  };
  const page = wrap(createElement(Page));
  const html = renderToString(page);
  expect(html).toBe('connecting pending undefined');
  expect(await sent('subscribe')).toBe(0);

  const container = document.createElement('div');
  container.append(html);
  const mismatches: unknown[] = [];
  const root = hydrateRoot(container, page, { onRecoverableError: (error) => mismatches.push(error) });
  onTestFinished(() => root.unmount());
  await expect.poll(() => container.textContent).toBe('connected live 3');
  expect(mismatches).toEqual([]);
});

it('says what is missing where there is no provider', () => {
  const Lost = () => useClient().transport.name;
  expect(() => renderToString(createElement(Lost))).toThrow('render the component below <LongwaveProvider');
});
