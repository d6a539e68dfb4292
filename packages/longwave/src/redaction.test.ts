import { createServer } from '@longwave/node';
import { type Redaction, defineChannels, log } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { TransportName } from './client.js';
import { openClient } from './testing/switching-client.js';
import { sharedStores } from './testing/shared-stores.js';

const quiet = { error: () => undefined, info: () => undefined };
const channels = defineChannels({ 'chat/:room': log({ redactable: true }) });

/** Two nodes with one store. The token names the user. */
async function twoNodes(name: string) {
  const open = await sharedStores[name]!();
  const urls: string[] = [];
  for (let i = 0; i < 2; i++) {
    const server = createServer({ channels, store: open(), logger: quiet, authenticate: (user) => ({ user }) });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    urls.push(`http://127.0.0.1:${port}`);
  }
  return urls as [string, string];
}

/** The messages that a subscription shows, and what it is told. */
function shown() {
  const waiting: (() => void)[] = [];
  const list: unknown[] = [];
  const changed = (): void => waiting.splice(0).forEach((resolve) => resolve());
  return {
    list,
    options: {
      onRedact: ({ target, reason, user }: Redaction): void => {
        list.push(['redact', target.offset, reason, user]);
        changed();
      },
    },
    handler: (
      data: unknown,
      { offset, redacted, user }: { offset: number; redacted: boolean; user?: string | undefined },
    ) => {
      list.push([offset, data, redacted, user]);
      changed();
    },
    until: async (count: number): Promise<void> => {
      while (list.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

async function expectRedactionOnTwoNodes(store: string, transport: TransportName, codec?: 'json'): Promise<void> {
  const options = { transport, ...(codec && { codec }) };
  const [one, two] = await twoNodes(store);
  const ada = openClient<typeof channels>(one, { token: 'ada', ...options });
  const bob = openClient<typeof channels>(two, { token: 'bob', ...options });
  const seen = shown();
  const room = bob.channel('chat/a');
  const subscription = room.subscribe(seen.options, seen.handler);
  await subscription.ready;
  const { position } = await ada.channel('chat/a').publish('secret');
  await seen.until(1);
  await expect(room.redact(position)).rejects.toMatchObject({ code: 'forbidden' });
  const done = await ada.channel('chat/a').redact(position, { reason: 'a slip' });
  expect(done).toMatchObject({ position: { epoch: position.epoch, offset: 2 }, duplicate: false });
  await seen.until(2);
  expect(seen.list).toEqual([
    [1, 'secret', false, 'ada'],
    ['redact', 1, 'a slip', 'ada'],
  ]);
  // The other node has told of it: whoever comes to it now is not shown the data any more.
  const late = shown();
  const from = { epoch: position.epoch, offset: 0 };
  await openClient<typeof channels>(two, { token: 'carl', ...options })
    .channel('chat/a')
    .subscribe({ from, ...late.options }, late.handler).ready;
  await late.until(2);
  expect(late.list).toEqual([
    [1, undefined, true, 'ada'],
    ['redact', 1, 'a slip', 'ada'],
  ]);
  const page = await room.history();
  expect(page.messages.map(({ data, meta }) => [meta.offset, data, meta.redacted, meta.user])).toEqual([
    [1, undefined, true, 'ada'],
  ]);
  expect([page.first, page.last, page.top]).toEqual([1, 2, 2]);
  const again = await ada.channel('chat/a').redact(position);
  expect(again).toMatchObject({ position: { offset: 2 }, duplicate: true });
}

describe('a redaction', () => {
  it.each(Object.keys(sharedStores))('RED-1, RED-2: on two nodes over %s', (store) =>
    expectRedactionOnTwoNodes(store, 'websocket'),
  );

  it.each<[TransportName, 'json'?]>([
    ['websocket', 'json'],
    ['stream'],
    ['stream', 'json'],
    ['poll'],
    ['poll', 'json'],
  ])('RED-5, RED-7: over %s, %s', (transport, codec) => expectRedactionOnTwoNodes('memory', transport, codec));
});
