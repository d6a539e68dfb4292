import type { LinkEvents, Transport } from 'longwave/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Faults, noFaults } from './delay-line.js';
import { faultyTransport } from './faulty-transport.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A transport whose other end is the test. */
function open(given: Partial<Faults>) {
  const faults: Faults = { ...noFaults, ...given };
  const [sent, heard]: [unknown[], string[]] = [[], []];
  let inner: LinkEvents | undefined;
  const transport: Transport = {
    name: 'websocket',
    connect: (_url, _codec, events) => {
      inner = events;
      return { send: (message) => void sent.push(message), close: (code) => void sent.push(`closed ${code}`) };
    },
  };
  const made = faultyTransport(transport, () => faults);
  const link = made.connect('http://127.0.0.1', 'json', {
    onOpen: () => heard.push('open'),
    onMessage: (message, aside) => heard.push(`${String(message)}${aside ? ' aside' : ''}`),
    onLost: () => heard.push('lost'),
    onRenew: () => heard.push('renew'),
    onClose: ({ code }) => heard.push(`close ${code}`),
  });
  return { name: made.name, link, inner: inner!, sent, heard };
}

it('is the transport itself where nothing is wrong', () => {
  const { name, link, inner, sent, heard } = open({});
  inner.onOpen();
  inner.onMessage('a', true);
  link.send('b');
  expect([name, heard, sent, 'renew' in link]).toEqual(['websocket', ['open', 'a aside'], ['b'], false]);
});

it('holds all back for half of the latency each way, in its order', () => {
  const { link, inner, sent, heard } = open({ latencyMs: 200 });
  inner.onOpen();
  inner.onMessage('a');
  inner.onClose({ code: 1006 });
  link.send('b');
  vi.advanceTimersByTime(98);
  expect([heard, sent]).toEqual([[], []]);
  vi.advanceTimersByTime(2);
  expect([heard, sent]).toEqual([['open', 'a', 'close 1006'], ['b']]);
});

it('tells nothing of a link that was closed', () => {
  const { link, inner, sent, heard } = open({ latencyMs: 200 });
  inner.onMessage('a');
  link.send('b');
  link.close(1000);
  vi.advanceTimersByTime(1000);
  expect([heard, sent]).toEqual([[], ['closed 1000']]);
});
