import { createServer, memory } from '@longwave/node';
import {
  type Calls,
  LongwaveError,
  call,
  clientCall,
  defineCalls,
  defineChannels,
  defineClientCalls,
  log,
} from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from './client-node.js';
import { binaryCodec, type TransportName } from './client.js';
import { anyOf } from './testing/schema.js';
import { startFaultProxy } from './testing/fault-proxy.js';

const channels = defineChannels({ chat: log() });
const clientCalls = defineClientCalls({
  confirm: clientCall(anyOf<{ question: string }>(), anyOf<boolean>()),
  bytes: clientCall(anyOf<Uint8Array>(), anyOf<Uint8Array>()),
});
type H = typeof clientCalls;

async function startNodes(count: number) {
  const store = memory();
  const nodes = Array.from({ length: count }, () =>
    createServer({ channels, clientCalls, store, authenticate: (token) => (token ? { user: token } : {}) }),
  );
  onTestFinished(async () => void (await Promise.all(nodes.map((node) => node.close()))));
  const ports: number[] = [];
  for (const node of nodes) ports.push((await node.listen({ port: 0, host: '127.0.0.1' })).port);
  return { nodes, urls: ports.map((port) => `http://127.0.0.1:${port}`), ports };
}

async function open<K extends Calls = Record<never, never>>(url: string, options: Parameters<typeof connect>[1] = {}) {
  const errors: unknown[] = [];
  const client = connect<typeof channels, K, H>(url, {
    token: 'ada',
    reportError: (error) => errors.push(error),
    onDiagnostic: () => undefined,
    ...options,
  });
  onTestFinished(() => client.close());
  await new Promise<void>((resolve) => {
    const stop = client.onState(({ status }) => {
      if (status !== 'connected') return;
      stop();
      resolve();
    });
  });
  return { client, errors };
}

const transports: readonly TransportName[] = ['websocket', 'stream', 'poll'];
const cases = transports.flatMap((transport) =>
  (['json', 'binary'] as const).map((codec) => [transport, codec] as const),
);

it.each(cases)('CALL-3: the server calls a client over %s as %s, from the other node too', async (transport, codec) => {
  const { nodes, urls } = await startNodes(2);
  const { client } = await open(urls[0]!, { transport, ...(codec === 'binary' && { codec: binaryCodec() }) });
  client.handle({
    confirm: async ({ question }) => question === 'Sure?',
    bytes: (bytes) => bytes.map((byte) => byte + 1),
  });
  for (const node of nodes) {
    const { replies, missing } = await node.user('ada').call('confirm', { question: 'Sure?' });
    expect(missing).toEqual([]);
    expect(replies).toEqual([{ connection: replies[0]!.connection, output: true }]);
    const { connection } = replies[0]!;
    expect(await node.connection(connection).call('confirm', { question: 'Really?' })).toBe(false);
    expect(await node.connection(connection).call('bytes', Uint8Array.of(1, 2))).toEqual(Uint8Array.of(2, 3));
  }
});

it.each(transports)('CALL-3: an answer over %s that comes to another node is handed on', async (transport) => {
  const { nodes, ports } = await startNodes(2);
  // Each request goes to whichever node.
  const proxy = await startFaultProxy(ports);
  onTestFinished(() => proxy.close());
  const { client } = await open(proxy.url, { transport });
  client.handle({ confirm: () => true });
  for (let i = 0; i < 10; i++) {
    const { replies } = await nodes[i % 2]!.user('ada').call('confirm', { question: 'Sure?' }, { timeout: '20s' });
    expect(replies.filter(({ output }) => output === true)).toHaveLength(1);
  }
});

it('CALL-6: what a handler throws reaches the server with its code, or as internal and reported to the page', async () => {
  const { nodes, urls } = await startNodes(1);
  const { client, errors } = await open(urls[0]!);
  const call = async () => (await nodes[0]!.user('ada').call('confirm', { question: 'Sure?' })).replies[0]!.error;
  expect(await call()).toMatchObject({ code: 'unknown-method' });
  const stop = client.handle({
    confirm: () => {
      throw new LongwaveError('forbidden', 'Not now.');
    },
  });
  expect(await call()).toMatchObject({ code: 'forbidden', message: 'Not now.' });
  const broken = new Error('secret');
  client.handle({ confirm: () => Promise.reject(broken) });
  expect(await call()).toMatchObject({ code: 'internal', message: 'internal' });
  expect(errors).toEqual([broken]);
  stop();
  expect(await call()).toMatchObject({ code: 'internal' });
  client.handle({ confirm: () => 'x'.repeat(100_000) as never });
  expect(await call()).toMatchObject({ code: 'too-large' });
});

it('CALL-4: a call to a client that goes is unavailable, on the other node too', async () => {
  const { nodes, urls } = await startNodes(2);
  const { client } = await open(urls[0]!, { transport: 'websocket' });
  client.handle({
    confirm: () => {
      client.close();
      return new Promise<never>(() => undefined);
    },
  });
  const { connections } = await nodes[1]!.user('ada').connections();
  const called = nodes[1]!.connection(connections[0]!.id).call('confirm', { question: 'Sure?' });
  await expect(called).rejects.toMatchObject({ code: 'unavailable' });
});

it.each(cases)('CALL-9: answers have a bound both ways over %s as %s', async (transport, codec) => {
  const text = (n: number): string => 'x'.repeat(n);
  const calls = defineCalls({ text: call(anyOf<number>(), text) });
  const server = createServer({ channels, calls, clientCalls, authenticate: () => ({ user: 'ada' }) });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const { client } = await open<typeof calls>(url, { transport, ...(codec === 'binary' && { codec: binaryCodec() }) });
  const { answerBytes, messageBytes } = { answerBytes: 256 * 1024, messageBytes: 64 * 1024 };
  // As JSON it has two units more.
  expect(await client.call('text', answerBytes - 2)).toHaveLength(answerBytes - 2);
  await expect(client.call('text', answerBytes - 1)).rejects.toMatchObject({
    code: 'too-large',
    message: `The answer has ${answerBytes + 1} units; at most ${answerBytes} are sent.`,
  });
  let units = messageBytes - 100;
  client.handle({ confirm: () => text(units) as never });
  const answer = async () => (await server.user('ada').call('confirm', { question: 'Long?' })).replies[0]!;
  expect((await answer()).output).toHaveLength(units);
  units = messageBytes;
  expect((await answer()).error).toMatchObject({ code: 'too-large' });
  expect(client.state.status).toBe('connected');
});
