import { expect, it } from 'vitest';
import type { LinkEvents, Renewal, Transport } from '../base/ports.js';
import { lazyTransport } from './lazy-transport.js';

function start() {
  const done: unknown[] = [];
  const real: Transport = {
    name: 'stream',
    connect: (url) => {
      done.push(['connect', url]);
      return {
        renew: () => done.push('renew'),
        send: (message) => done.push(['send', message]),
        close: () => done.push('close'),
        bufferedBytes: 5,
      };
    },
  };
  let settle!: { resolve: (create: () => Transport) => void; reject: (error: Error) => void };
  const transport = lazyTransport(
    'stream',
    () => new Promise<() => Transport>((resolve, reject) => (settle = { resolve, reject })),
  );
  const closes: unknown[] = [];
  const none = (): void => undefined;
  const events: LinkEvents = {
    onOpen: none,
    onMessage: none,
    onLost: none,
    onRenew: none,
    onClose: (close) => closes.push(close),
  };
  const link = transport.connect('http://x', 'json', events);
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return {
    done,
    link,
    closes,
    turn,
    give: () => settle.resolve(() => real),
    fail: () => settle.reject(new Error('404')),
  };
}

const renewal = {} as Renewal;

it('does what was asked of it meanwhile, in order, and then at once', async () => {
  const { done, link, give, turn } = start();
  link.renew!(renewal);
  link.send('a');
  link.send('b');
  expect([done, link.bufferedBytes]).toEqual([[], 0]);
  give();
  await turn();
  link.send('c');
  expect(done).toEqual([['connect', 'http://x'], 'renew', ['send', 'a'], ['send', 'b'], ['send', 'c']]);
  expect(link.bufferedBytes).toBe(5);
  link.close();
  expect(done.at(-1)).toBe('close');
});

it('opens nothing after it was closed', async () => {
  const { done, link, give, turn, closes } = start();
  link.close();
  give();
  await turn();
  expect([done, closes]).toEqual([[], []]);
});

it('is an attempt that failed when it cannot be loaded', async () => {
  const { closes, fail, turn } = start();
  fail();
  await turn();
  expect(closes).toEqual([{ reason: 'Error: 404', unanswered: 'perhaps' }]);
});
