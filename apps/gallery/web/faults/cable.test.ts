import { type LinkClose, type LinkEvents, type Transport, connect } from 'longwave/client';
import { expect, it, vi } from 'vitest';
import { createCable } from './cable.js';
import { readSubscribed } from './witness.js';

function fakeTransport() {
  const links: { events: LinkEvents; closed: boolean; sent: unknown[] }[] = [];
  const transport: Transport = {
    name: 'fake',
    connect: (_url, _codec, events) => {
      const link = { events, closed: false, sent: [] as unknown[] };
      links.push(link);
      return { send: (message) => link.sent.push(message), close: () => (link.closed = true) };
    },
  };
  return { links, transport };
}

function events() {
  const closes: LinkClose[] = [];
  const messages: unknown[] = [];
  const made: LinkEvents = {
    onOpen: () => undefined,
    onMessage: (message) => messages.push(message),
    onLost: () => undefined,
    onRenew: () => undefined,
    onClose: (close) => closes.push(close),
  };
  return { made, closes, messages };
}

it('a cut ends links without a goodbye, and nothing passes after it', () => {
  const cable = createCable();
  const { links, transport } = fakeTransport();
  const { made, closes, messages } = events();
  const link = cable.through(transport).connect('http://localhost', 'json', made);
  links[0]!.events.onMessage('one');
  cable.cut();
  expect(closes).toEqual([{ code: 1006 }]);
  expect(links[0]!.closed).toBe(true);
  links[0]!.events.onMessage('two');
  links[0]!.events.onClose({ code: 1000 });
  link.send('three');
  cable.mend();
  cable.cut();
  expect(messages).toEqual(['one']);
  expect(closes).toHaveLength(1);
  expect(links[0]!.sent).toEqual([]);
});

it('nothing connects over a cut cable, and all does when it is mended', async () => {
  const cable = createCable();
  const { links, transport } = fakeTransport();
  cable.cut();
  const client = connect('http://localhost', { transport: cable.through(transport) });
  await vi.waitFor(() => expect(client.state.status).toBe('waiting'));
  expect(links).toHaveLength(0);
  cable.mend();
  client.reconnect();
  expect(links).toHaveLength(1);
  client.close();
});

it('answers to subscriptions are read out of messages, and what looks like one is not', () => {
  const subscribed = { type: 'subscribed', id: 1, channel: 'chat/a', epoch: 'e', offset: 3, top: 5 };
  const fake = { type: 'message', data: { text: '"type":"subscribed"' } };
  const message = [subscribed, fake, { ...subscribed, channel: 'b', reset: 'trimmed' }].map((each) =>
    JSON.stringify(each),
  );
  expect(readSubscribed(message.join('\n'))).toEqual([
    { channel: 'chat/a', offset: 3, missed: 2, reset: undefined },
    { channel: 'b', offset: 3, missed: 2, reset: 'trimmed' },
  ]);
  expect(readSubscribed(new Uint8Array([1]))).toEqual([]);
});
