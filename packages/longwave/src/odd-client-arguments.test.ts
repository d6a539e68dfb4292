import { createServer } from '@longwave/node';
import { LongwaveError, type Schema, call, defineCalls, defineChannels, log, map, value } from '@longwave/protocol';
import { type OddValue, oddValues } from '@longwave/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect, messageStore } from './client-node.js';
import type { Client, ClientOptions, Clock, Diagnostic, Link, Timer, Transport, TransportMemory } from './client.js';

const anything: Schema = {
  '~standard': { version: 1, vendor: 'test', validate: (given) => ({ value: given }) },
};

type Slot = readonly [field: string, use: (client: Client, value: never) => unknown];
const room = (client: Client) => client.channel('chat');
const state = (client: Client) => client.channel('state');

/** Every argument and option of every method, by the name that a refusal has to say. */
const slots: readonly Slot[] = [
  ['data', (c, v) => room(c).publish(v)],
  ['options', (c, v) => room(c).publish(1, v)],
  ['id', (c, v) => room(c).publish(1, { id: v })],
  ['timeout', (c, v) => room(c).publish(1, { timeout: v })],
  ['signal', (c, v) => room(c).publish(1, { signal: v })],
  ['options', (c, v) => room(c).subscribe(v)],
  ['handler', (c, v) => room(c).subscribe({}, v)],
  ['from', (c, v) => room(c).subscribe({ from: v })],
  ['from', (c, v) => room(c).subscribe({ from: { last: v } })],
  ['from', (c, v) => room(c).subscribe({ from: { epoch: v, offset: 1 } })],
  ['from', (c, v) => room(c).subscribe({ from: { epoch: 'e', offset: v } })],
  ['onSubscribed', (c, v) => room(c).subscribe({ onSubscribed: v })],
  ['onReset', (c, v) => room(c).subscribe({ onReset: v })],
  ['onEnd', (c, v) => room(c).subscribe({ onEnd: v })],
  ['bufferLimit', (c, v) => room(c).subscribe({ bufferLimit: v })],
  ['options', (c, v) => room(c).history(v)],
  ['limit', (c, v) => room(c).history({ limit: v })],
  ['before', (c, v) => room(c).history({ before: v })],
  ['after', (c, v) => room(c).history({ after: v })],
  ['epoch', (c, v) => room(c).history({ epoch: v })],
  ['timeout', (c, v) => room(c).history({ timeout: v })],
  ['keep', (c, v) => messageStore(room(c), { keep: v })],
  ['from', (c, v) => messageStore(room(c), { from: v })],
  ['listener', (c, v) => messageStore(room(c)).subscribe(v)],
  ['key', (c, v) => state(c).put(v, 1)],
  ['data', (c, v) => state(c).put('k', v)],
  ['expect', (c, v) => state(c).put('k', 1, { expect: v })],
  ['ttl', (c, v) => state(c).put('k', 1, { ttl: v })],
  ['data', (c, v) => state(c).patch('k', v)],
  ['options', (c, v) => state(c).patch('k', {}, v)],
  ['key', (c, v) => state(c).delete(v)],
  ['data', (c, v) => c.channel('one').set(v)],
  ['options', (c, v) => c.channel('one').clear(v)],
  ['options', (c, v) => state(c).watch(v)],
  ['handler', (c, v) => state(c).watch({}, v)],
  ['keys', (c, v) => state(c).watch({ keys: v })],
  ['keys', (c, v) => state(c).watch({ keys: [v] })],
  ['rate', (c, v) => state(c).watch({ rate: v })],
  ['where', (c, v) => state(c).watch({ where: v })],
  ['view', (c, v) => state(c).watch({ where: { field: v } })],
  ['area', (c, v) => state(c).watch({ area: v })],
  ['count', (c, v) => state(c).watch({ count: v })],
  ['view', (c, v) => state(c).watch().setView(v)],
  ['keys', (c, v) => state(c).watch().track(v)],
  ['listener', (c, v) => state(c).watch().subscribe(v)],
  ['rate', (c, v) => c.channel('one').watchValue({ rate: v })],
  ['handler', (c, v) => state(c).demand(v)],
  ['data', (c, v) => room(c).presence.enter(v)],
  ['options', (c, v) => room(c).presence.enter({}, v)],
  ['away', (c, v) => room(c).presence.enter({}, { away: v })],
  ['handler', (c, v) => room(c).presence.count(v)],
  ['listener', (c, v) => c.onState(v)],
  ['handler', (c, v) => c.on('error', v)],
  ['event', (c, v) => c.on(v, () => undefined)],
  ['name', (c, v) => c.channel(v)],
  ['method', (c, v) => c.call(v)],
  ['data', (c, v) => c.call('echo', v)],
  ['options', (c, v) => c.call('echo', 1, v)],
];

/** A refusal names the field, whatever was given. */
function refusalOf(use: () => unknown): unknown {
  try {
    const result = use() as
      | { unsubscribe?(): void; close?(): void; ready?: Promise<unknown> }
      | Promise<unknown>
      | undefined;
    if (result instanceof Promise) result.catch(() => undefined);
    else result?.unsubscribe?.();
    return undefined;
  } catch (error) {
    return error;
  }
}

function expectNamed(error: unknown, field: string): void {
  if (error === undefined || (error instanceof LongwaveError && error.code === 'unknown-channel')) return;
  expect(error).toBeInstanceOf(TypeError);
  expect((error as TypeError).message).toContain(field.replace(', later', ''));
}

async function start() {
  const server = createServer({
    channels: defineChannels({ chat: log({ presence: anything }), state: map({ demand: true }), one: value() }),
    calls: defineCalls({ echo: call(anything, (given: unknown) => given) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${port}`;
}

describe('values from plain JavaScript', () => {
  it('CLI-10: no argument of the client ends its connection, and each refusal names it', async () => {
    const url = await start();
    const diagnostics: Diagnostic[] = [];
    const options: ClientOptions = { onDiagnostic: (told) => diagnostics.push(told), reportError: () => undefined };
    const client: Client = connect(url, options);
    onTestFinished(() => client.close());
    await client.call('echo', 1);
    const before = client.state;
    for (const [field, use] of slots) {
      for (const { name, value: odd } of oddValues()) {
        const error = refusalOf(() => use(client, odd as never));
        try {
          expectNamed(error, field);
        } catch (cause) {
          throw new Error(`${use.toString()} with ${name}`, { cause });
        }
      }
      // What was sent of it is answered, and the connection is the same one.
      await client.call('echo', field);
    }
    expect(client.state).toEqual(before);
    expect(diagnostics).toEqual([]);
  });

  const names = [
    ...[
      'token',
      'codec',
      'params',
      'path',
      'reconnect',
      'connectTimeout',
      'outbox',
      'bytesPerSecond',
      'transport',
      'clock',
    ],
    ...['random', 'createId', 'environment', 'reportError', 'onDiagnostic'],
  ];
  it.each(names)('CLI-10: the option %s is taken or refused by its name', async (field) => {
    const url = await start();
    for (const { value: odd } of oddValues()) {
      const error = refusalOf(() => connect(url, { reportError: () => undefined, [field]: odd }).close());
      expectNamed(error, field);
    }
  });

  type Answers = (odd: unknown) => ClientOptions;
  const clock: Clock = {
    now: () => Date.now(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const environment = { onWake: () => () => undefined, isOnline: () => true };
  it.each<[string, Answers]>([
    ['clock.now()', (odd) => ({ clock: { ...clock, now: () => odd as number } })],
    ['clock.setTimer()', (odd) => ({ clock: { ...clock, setTimer: () => odd as Timer } })],
    [
      'clock.setTimer()',
      (odd) => ({
        clock: {
          ...clock,
          // It runs all the same.
          setTimer: (callback, delayMs) => {
            setTimeout(callback, Math.min(delayMs, 20)).unref();
            return odd as Timer;
          },
        },
      }),
    ],
    ['environment.onWake()', (odd) => ({ environment: { ...environment, onWake: () => odd as () => void } })],
    ['environment.isOnline()', (odd) => ({ environment: { ...environment, isOnline: () => odd as boolean } })],
    ['environment.memory', (odd) => ({ environment: { ...environment, memory: odd as TransportMemory } })],
    [
      'environment.memory.get()',
      (odd) => ({ environment: { ...environment, memory: { get: () => odd as string, set: () => odd as undefined } } }),
    ],
    ['transport.connect()', (odd) => ({ transport: { name: 'odd', connect: () => odd as Link } })],
    ['transport', (odd) => ({ transport: [odd as Transport] })],
  ])('CLI-10: whatever %s is, connect refuses it by its name or the client goes on', async (field, options) => {
    const url = await start();
    const clients: Client[] = [];
    for (const { name, value: odd } of oddValues()) {
      const error = refusalOf(() => {
        clients.push(connect(url, { reportError: () => undefined, ...options(odd) }));
      });
      if (error !== undefined) expect((error as Error).message, name).toContain(field);
      expect(error === undefined || error instanceof TypeError, name).toBe(true);
    }
    await Promise.all(clients.map((client) => client.call('echo', 1, { timeout: 50 }).catch(() => undefined)));
    for (const client of clients) client.close();
  });

  it.each<[string, (odd: OddValue) => ClientOptions]>([
    ['token', ({ value: odd }) => ({ token: () => odd as string })],
    ['token, later', ({ value: odd }) => ({ token: async () => odd as string })],
    ['createId', ({ value: odd }) => ({ createId: () => odd as string })],
    ['random', ({ value: odd }) => ({ random: () => odd as number })],
    ['onDiagnostic', ({ value: odd }) => ({ onDiagnostic: () => odd as never })],
  ])('CLI-10: whatever %s gives, the client goes on or says why', async (field, options) => {
    const url = await start();
    for (const odd of oddValues()) {
      let client: Client | undefined;
      const error = refusalOf(() => void (client = connect(url, { reportError: () => undefined, ...options(odd) })));
      expectNamed(error, field);
      await client?.call('echo', 1, { timeout: 20 }).catch(() => undefined);
      client?.close();
    }
  });
});
