import { describe, expect, it } from 'vitest';
import type { ClientOptions } from './base/options.js';
import { connect } from './connect.js';
import { messageStore } from './subscriptions/message-store.js';
import { Harness } from './testing/harness.js';

type Act = (h: Harness) => unknown;
const room = ({ client }: Harness) => client.channel('a');

describe('arguments', () => {
  it.each<[message: string, act: Act]>([
    [
      "ttl is 1.5: it must be whole milliseconds of at least 1 or a text such as '30s'.",
      (h) => room(h).put('k', 1, { ttl: 1.5 }),
    ],
    ['ttl is Infinity', (h) => room(h).set(1, { ttl: Infinity })],
    ['key is "xxxx', (h) => room(h).put('x'.repeat(257), 1)],
    ['key is "": it must be a well-formed text of 1 to 256 units.', (h) => room(h).delete('')],
    ['key is "\\ud800"', (h) => room(h).patch('\ud800', 1)],
    ['key is undefined', (h) => room(h).put(undefined as never, 1)],
    ['id is "xxxx', (h) => room(h).publish(1, { id: 'x'.repeat(129) })],
    ['id is 5', (h) => room(h).publish(1, { id: 5 as never })],
    ['expect is -1', (h) => room(h).put('k', 1, { expect: -1 })],
    ['timeout is NaN', (h) => room(h).publish(1, { timeout: NaN })],
    ['timeout is "10 s"', (h) => h.client.call('m', 1, { timeout: '10 s' as never })],
    ['ttl is "0s"', (h) => room(h).put('k', 1, { ttl: '0s' })],
    ['signal is true', (h) => room(h).history({ signal: true as never })],
    ['options is null: it must be an object.', (h) => room(h).publish(1, null as never)],
    ['limit is 1.5', (h) => room(h).history({ limit: 1.5 })],
    ['before is -1', (h) => room(h).history({ before: -1 })],
    ['epoch is "xxxx', (h) => room(h).history({ epoch: 'x'.repeat(321) })],
    [
      "from is object: it must be 'now', 'start', { last } or a position.",
      (h) => room(h).subscribe({ from: { last: -1 } }),
    ],
    ['from is object', (h) => room(h).subscribe({ from: { last: 1.5 } })],
    ['from is object', (h) => room(h).subscribe({ from: { epoch: 'e' } as never })],
    ['from is object', (h) => room(h).subscribe({ from: { offset: 5 } as never })],
    ['from is object', (h) => room(h).subscribe({ from: { epoch: 'e', offset: '5' as never } })],
    ['from is "latest"', (h) => room(h).subscribe({ from: 'latest' as never })],
    ['from is null', (h) => room(h).subscribe({ from: null as never })],
    ['bufferLimit is 0', (h) => room(h).subscribe({ bufferLimit: 0 })],
    ['onReset is true: it must be a function.', (h) => room(h).subscribe({ onReset: true as never })],
    ['handler is "f"', (h) => room(h).subscribe({}, 'f' as never)],
    ['keys is "ACME": it must be a list of at most 1000 keys.', (h) => room(h).watch({ keys: 'ACME' as never })],
    ['keys is null', (h) => room(h).watch({ keys: null as never })],
    ['keys is array', (h) => room(h).watch({ keys: ['x'.repeat(257)] })],
    [
      'keys is array',
      (h) =>
        room(h)
          .watch()
          .track(5 as never),
    ],
    ['rate is 0', (h) => room(h).watch({ rate: 0 })],
    ['rate is NaN', (h) => room(h).watchValue({ rate: NaN })],
    ['where is false', (h) => room(h).watch({ where: false as never })],
    ['view.where.a is NaN', (h) => room(h).watch({ where: { a: NaN } })],
    [
      'view takes more than 16384 units',
      (h) =>
        room(h)
          .watch()
          .setView({ where: { a: 'x'.repeat(20_000) } }),
    ],
    [
      'view is null',
      (h) =>
        room(h)
          .watch()
          .setView(null as never),
    ],
    ['count is 1', (h) => room(h).watch({ count: 1 as never })],
    ['handler is object', (h) => room(h).demand({} as never)],
    [
      'listener is undefined',
      (h) =>
        room(h)
          .watch()
          .subscribe(undefined as never),
    ],
    ['listener is null', (h) => h.client.onState(null as never)],
    ['handler is null', (h) => h.client.on('error', null as never)],
    ['event is "state": it must be error.', (h) => h.client.on('state' as never, () => undefined)],
    ['away is "yes"', (h) => room(h).presence.enter({}, { away: 'yes' as never })],
    ['handler is 5', (h) => room(h).presence.count(5 as never)],
    ['name is 5', (h) => h.client.channel(5 as never)],
    ['name is Symbol(s)', (h) => h.client.channel(Symbol('s') as never)],
    ['method is ""', (h) => h.client.call('')],
    ['method is "xxxx', (h) => h.client.call('x'.repeat(101))],
    ['keep is 0', (h) => messageStore(room(h), { keep: 0 })],
  ])('CLI-10: %s', (message, act) => {
    const h = new Harness();
    h.accept();
    h.link.take();
    expect(() => act(h)).toThrow(TypeError);
    expect(() => act(h)).toThrow(message);
    // The client knows nothing of it, and the server neither.
    h.link.take().forEach((frame) => expect(['subscribe', 'unsubscribe']).toContain(frame.type));
    expect(h.client.state.status).toBe('connected');
  });

  it('CLI-10: an option that there is not is told, with those that there are', () => {
    const room = new Harness().client.channel('a');
    const misspelt = { tokne: 'x' } as never;
    for (const use of [
      () => connect('http://localhost', misspelt),
      () => room.subscribe(misspelt),
      () => room.publish(1, misspelt),
      () => room.history(misspelt),
      () => room.watch(misspelt),
      () => room.watch().setView(misspelt),
      () => room.presence.enter(1, misspelt),
    ])
      expect(use).toThrow(
        expect.objectContaining({
          name: 'TypeError',
          message: expect.stringMatching(/ an object of \w+, .*, without tokne\.$/),
        }),
      );
  });

  it('CLI-10: what is no channel name is told as the server would', () => {
    expect(() => new Harness().client.channel('a b')).toThrow(
      expect.objectContaining({ code: 'unknown-channel', message: expect.stringContaining('letters, numbers') }),
    );
  });

  it.each<[message: string, options: ClientOptions]>([
    ['token is number', { token: 5 as never }],
    ['codec is "msgpack"', { codec: 'msgpack' as never }],
    ['path is 5', { path: 5 as never }],
    ['reconnect is 5', { reconnect: 5 as never }],
    ['reconnect.minDelay is -1', { reconnect: { minDelay: -1 } }],
    ['reconnect.maxDelay is "20 s"', { reconnect: { maxDelay: '20 s' as never } }],
    ['connectTimeout is 0', { connectTimeout: 0 }],
    ['outbox.maxCount is NaN', { outbox: { maxCount: NaN } }],
    ['outbox.maxBytes is -1', { outbox: { maxBytes: -1 } }],
    ['params is 5: it must be an object of at most 16 well-formed texts', { params: 5 as never }],
    ['params is object', { params: { a: 1 as never } }],
    ['params is object', { params: { a: '\ud800' } }],
    ['params is object', { params: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, ''])) }],
    ['params is object', { params: { a: 'é'.repeat(512) } }],
    ['bytesPerSecond is 0.5', { bytesPerSecond: 0.5 }],
    ['transport is "sse"', { transport: 'sse' as never }],
    ['transport is array', { transport: [] }],
    ['clock is object: it must be an object with now and setTimer.', { clock: {} as never }],
    ['environment is null', { environment: null as never }],
    ['random is 0.5', { random: 0.5 as never }],
    ['createId is "me"', { createId: 'me' as never }],
    ['createId() is 5', { createId: () => 5 as never }],
    ['reportError is true', { reportError: true as never }],
    ['onDiagnostic is true', { onDiagnostic: true as never }],
    ['options of connect is null', null as never],
  ])('CLI-10: connect: %s', (message, options) => {
    const start = (): unknown =>
      connect('http://server.test', options && { transport: new Harness().transport, ...options });
    expect(start).toThrow(TypeError);
    expect(start).toThrow(message.replace('number', '5'));
  });

  it('CLI-10: a token that is none, or too long, is a failed attempt and not sent', async () => {
    for (const token of [5, null, 'x'.repeat(8_193)]) {
      const h = new Harness({ token: async () => token as never });
      await Promise.resolve();
      await Promise.resolve();
      expect(h.transport.links).toHaveLength(0);
      expect(h.diagnostics).toMatchObject([{ kind: 'token' }]);
      expect(h.client.state.status).toBe('waiting');
      h.client.close();
    }
  });
});
