// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { useCallback, useState } from 'react';
import { useHistory, useMessages, useSubscription, useTyping, useUnread } from './react.js';
import { startFixture, useCall, useChannel } from './testing/react-fixture.js';

const textsOf = (messages: readonly { readonly data: { readonly text: string } }[]): string[] =>
  messages.map(({ data }) => data.text);

it('useMessages shows at once what is sent, and once when it is stored', async () => {
  const { open } = await startFixture();
  const { render } = open('ada');
  const page = render(() => useMessages(useChannel('chat/lobby')), {});
  const { send } = await page.until(({ state }) => state === 'live');
  const id = send({ text: 'hi' });
  const sending = await page.until(({ outgoing }) => outgoing.length === 1);
  expect(sending.outgoing).toEqual([{ id, data: { text: 'hi' }, state: 'sending', error: undefined }]);
  const stored = await page.until(({ messages }) => messages.length === 1);
  expect([stored.outgoing, stored.messages[0]?.meta]).toEqual([[], expect.objectContaining({ id, mine: true })]);
});

it('useMessages keeps what was refused until it is sent again or discarded', async () => {
  let allowed = false;
  const { open } = await startFixture({ authorize: ({ action }) => action !== 'publish' || allowed });
  const { render } = open('ada');
  const page = render(() => useMessages(useChannel('chat/lobby')), {});
  const { send } = await page.until(({ state }) => state === 'live');
  const [first, second] = [send({ text: 'one' }), send({ text: 'two' })];
  const failed = await page.until(({ outgoing }) => outgoing.filter(({ state }) => state === 'failed').length === 2);
  expect(failed.outgoing[0]?.error?.code).toBe('forbidden');
  failed.discard(first);
  allowed = true;
  const left = await page.until(({ outgoing }) => outgoing.length === 1);
  left.retry(second);
  const { messages } = await page.until(({ outgoing }) => outgoing.length === 0);
  expect(textsOf(messages)).toEqual(['two']);
});

it('useHistory loads older pages in front of what is shown, to the beginning', async () => {
  const { server, open } = await startFixture();
  for (let i = 1; i <= 7; i++) await server.channel('chat/lobby').publish({ text: `${i}` });
  const { render } = open('ada');
  const page = render(() => {
    const room = useChannel('chat/lobby');
    const { messages } = useMessages(room, { from: { last: 2 } });
    return { messages, ...useHistory(room, { before: messages[0]?.meta, limit: 3 }) };
  }, {});
  (await page.until(({ messages }) => messages.length === 2)).loadOlder();
  const one = await page.until(({ older }) => older.length === 3);
  expect([textsOf(one.older), one.state]).toEqual([['3', '4', '5'], 'more']);
  one.loadOlder();
  const all = await page.until(({ state }) => state === 'end');
  expect(textsOf([...all.older, ...all.messages])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
});

it('useHistory says why a page did not come', async () => {
  let allowed = false;
  const { server, open } = await startFixture({ authorize: ({ action }) => action !== 'history' || allowed });
  await server.channel('chat/lobby').publish({ text: 'a' });
  const { render } = open('ada');
  const page = render(() => useHistory(useChannel('chat/lobby')), {});
  (await page.until(() => true)).loadOlder();
  const failed = await page.until(({ error }) => error !== undefined);
  expect([failed.error?.code, failed.state]).toEqual(['forbidden', 'more']);
  allowed = true;
  failed.loadOlder();
  expect(textsOf((await page.until(({ state }) => state === 'end')).older)).toEqual(['a']);
});

it('useSubscription calls the last handler, and renders for its state alone', async () => {
  const { server, open } = await startFixture();
  const { render } = open('ada');
  const told: string[] = [];
  const page = render(
    ({ tag }: { tag: string }) => useSubscription(useChannel('chat/lobby'), ({ text }) => told.push(`${tag} ${text}`)),
    { tag: 'a' },
  );
  await page.until(({ state }) => state === 'live');
  const { length } = page.results;
  await server.channel('chat/lobby').publish({ text: '1' });
  await expect.poll(() => told).toEqual(['a 1']);
  expect(page.results).toHaveLength(length);
  page.rerender({ tag: 'b' });
  await page.until(() => page.results.length > length);
  await server.channel('chat/lobby').publish({ text: '2' });
  await expect.poll(() => told).toEqual(['a 1', 'b 2']);
});

it('useCall shows where a call stands, and its result stays while the next one runs', async () => {
  const { open } = await startFixture();
  const { render } = open('ada');
  const page = render(() => useCall('echo'), {});
  const first = await page.until(() => true);
  expect(first).toMatchObject({ state: 'idle', data: undefined, error: undefined });
  await expect(first.call('one')).resolves.toBe('one');
  const done = await page.until(({ state }) => state === 'done');
  expect(done.data).toBe('one');
  const refused = render(() => useCall('refuse'), {});
  (await refused.until(() => true)).call('two').catch(() => undefined);
  const failed = await refused.until(({ state }) => state === 'failed');
  expect([failed.data, failed.error?.code]).toEqual([undefined, 'forbidden']);
});

it('useUnread counts what came after the place that was seen, and not what this client said', async () => {
  const { server, open } = await startFixture();
  const { client, render } = open('ada');
  const { position: seen } = await server.channel('chat/lobby').publish({ text: 'seen' });
  await server.channel('chat/lobby').publish({ text: '1' });
  const page = render(() => {
    const [at, setAt] = useState(seen);
    return { ...useUnread(useChannel('chat/lobby'), at), see: useCallback(setAt, []) };
  }, {});
  await page.until(({ unread }) => unread === 1);
  await client.channel('chat/lobby').publish({ text: 'mine' }, { id: 'mine' });
  const { position: last } = await server.channel('chat/lobby').publish({ text: '2' });
  (await page.until(({ unread }) => unread === 2)).see(last);
  expect((await page.until(({ unread }) => unread === 0)).state).toBe('live');
});

it('useTyping shows who types until they stop, and not oneself', async () => {
  const { open } = await startFixture();
  const [ada, bob] = [open('ada'), open('bob')];
  // Over HTTP a message may come before its acknowledgement: then only its id tells that it is one's own.
  const ids: (string | undefined)[] = [];
  await ada.client.channel('typing').subscribe((_, { id }) => ids.push(id)).ready;
  const adas = ada.render(() => useTyping(useChannel('typing')), {});
  const bobs = bob.render(() => useTyping(useChannel('typing')), {});
  await adas.until(({ state }) => state === 'live');
  const { onType } = await bobs.until(({ state }) => state === 'live');
  onType();
  onType();
  await adas.until(({ typing }) => typing.join() === 'bob');
  bobs.results.at(-1)!.onStop();
  await adas.until(({ typing }) => typing.length === 0);
  expect(bobs.results.every(({ typing }) => typing.length === 0)).toBe(true);
  expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(2);
});

it('useTyping tells why the server refuses what one types, until it takes it', async () => {
  let allowed = false;
  const { open } = await startFixture({ authorize: ({ action }) => action !== 'publish' || allowed });
  const page = open('ada').render(() => useTyping(useChannel('typing')), {});
  const live = await page.until(({ state }) => state === 'live');
  expect(live.refused).toBeUndefined();
  live.onType();
  const told = await page.until(({ refused }) => refused !== undefined);
  expect([told.refused?.code, told.state]).toEqual(['forbidden', 'live']);
  allowed = true;
  told.onStop();
  await page.until(({ refused }) => refused === undefined);
});

it('RED-7: useHistory loads on over redactions, and takes the data out of what it shows', async () => {
  const { server, open } = await startFixture();
  const forum = server.channel('forum');
  for (let i = 1; i <= 4; i++) await forum.publish(`${i}`);
  const { epoch } = await forum.history();
  await forum.redact({ epoch, offset: 2 });
  await forum.publish('6');
  const { render } = open('ada');
  const page = render(() => {
    const room = useChannel('forum');
    const { messages } = useMessages(room, { from: { last: 1 } });
    return { messages, ...useHistory(room, { before: messages[0]?.meta, limit: 2 }) };
  }, {});
  (await page.until(({ messages }) => messages.length === 1)).loadOlder();
  const one = await page.until(({ older }) => older.length === 1);
  expect([one.older[0]?.data, one.state]).toEqual(['4', 'more']);
  one.loadOlder();
  const two = await page.until(({ older }) => older.length === 3);
  expect(two.older.map(({ data, meta }) => [data, meta.redacted])).toEqual([
    [undefined, true],
    ['3', false],
    ['4', false],
  ]);
  await forum.redact({ epoch, offset: 4 });
  const gone = await page.until(({ older }) => older[2]?.meta.redacted === true);
  expect(gone.older.map(({ data }) => data)).toEqual([undefined, '3', undefined]);
});
