import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type ReceivedFrame, createClientCodec, defineChannels, log, subprotocols } from '@longwave/protocol';
import { expect, it, onTestFinished } from 'vitest';
import { createServer } from './index.js';

const channels = defineChannels({ 'chat/:room': log({ retain: { maxCount: 100_000, maxBytes: 256 * 1024 * 1024 } }) });
const codec = createClientCodec('json');
type Options = Parameters<typeof createServer<typeof channels>>[0];

async function start(options: Partial<Options> = {}) {
  const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined }, ...options });
  onTestFinished(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { server, port };
}

const hello = (client: string): string => JSON.stringify({ type: 'connect', version: 1, client });
const subscribe = JSON.stringify({ type: 'subscribe', id: 1, channel: 'chat/a' });

/** A client that can stop reading, which a WebSocket of Bun cannot. */
async function open(
  port: number,
): Promise<{ socket: Socket; frames: ReceivedFrame[]; close: () => number | undefined }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const frames: ReceivedFrame[] = [];
  let code: number | undefined;
  let bytes = Buffer.alloc(0);
  let open = false;
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    if (!open) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return;
      open = true;
      bytes = bytes.subarray(end + 4);
    }
    for (;;) {
      const short = bytes.length < 2 ? 0 : bytes[1]! & 0x7f;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length < head) return;
      const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
      if (bytes.length < head + length) return;
      const payload = bytes.subarray(head, head + length);
      if ((bytes[0]! & 0x0f) === 8) code = payload.readUInt16BE(0);
      else frames.push(...(codec.decode(payload.toString()) as ReceivedFrame[]));
      bytes = bytes.subarray(head + length);
    }
  });
  socket.write(
    `GET /longwave HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${subprotocols.json}\r\n\r\n`,
  );
  return { socket, frames, close: () => code };
}

function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? [payload.length | 0x80] : [126 | 0x80, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([0x81, ...head, 0, 0, 0, 0]), payload]);
}

async function subscribed(port: number, name = 'c') {
  const client = await open(port);
  client.socket.write(masked(`${hello(name)}\n${subscribe}`));
  await expect.poll(() => client.frames.some(({ type }) => type === 'subscribed')).toBe(true);
  return client;
}

it('MSG-2: a reader that stops leaves its lane, holds up nobody, and gets everything when it goes on', async () => {
  const { server, port } = await start();
  const [stopped, other] = [await subscribed(port, 'a'), await subscribed(port, 'b')];
  stopped.socket.pause();
  const text = 'x'.repeat(1000);
  const count = 15_000;
  for (let i = 1; i <= count; i++) {
    void server.channel('chat/a').publish(`${i} ${text}`);
    if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const texts = ({ frames }: typeof stopped) =>
    frames.flatMap((frame) => (frame.type === 'message' ? frame.ops.map(({ data }) => data as string) : []));
  const expected = Array.from({ length: count }, (_, i) => `${i + 1} ${text}`);
  await expect.poll(() => texts(other).length).toBe(count);
  // The system holds some megabytes for a socket, and nothing else was written to the one that is not read.
  expect(server.engine.stats.delivered).toBeLessThan(count + count / 2);
  stopped.socket.resume();
  await expect.poll(() => texts(stopped).length).toBe(count);
  expect(texts(stopped)).toEqual(expected);
  expect(stopped.frames.some(({ type }) => type === 'reset')).toBe(false);
});

it('HB-3: a peer that neither reads nor answers is let go of, with what waits for it', async () => {
  const { server, port } = await start({ heartbeat: 100 });
  const { socket } = await subscribed(port);
  socket.pause();
  for (let i = 0; i < 20_000; i++) void server.channel('chat/a').publish('x'.repeat(1000));
  await expect.poll(() => server.engine.stats.connections).toBe(0);
});

it('SES-7: closing tells why, with what was sent before, and ends idle connections and polls', async () => {
  const { server, port } = await start();
  const client = await subscribed(port);
  const idle = connect(port, '127.0.0.1');
  idle.resume().write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  const body = hello('d');
  const poll = connect(port, '127.0.0.1');
  poll
    .resume()
    .write(`POST /longwave/poll?hold=60000 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await expect.poll(() => server.engine.stats.connections).toBe(2);
  await server.channel('chat/a').publish('last');
  await expect.poll(() => client.frames.at(-1)?.type).toBe('message');
  const ended = [client.socket, idle, poll].map((socket) => once(socket, 'close'));
  await server.close();
  await Promise.all(ended);
  expect(client.frames.at(-1)).toMatchObject({ type: 'error', code: 'going-away' });
  expect(client.close()).toBe(4504);
});

const pem = readFileSync(new URL('../../node/src/testing/localhost.pem', import.meta.url));

it('speaks TLS, over which pages of this host may connect by https alone', async () => {
  const { port } = await start({ tls: { key: pem, cert: pem } });
  const ask = (path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const asked = request({ port, path, headers, ca: pem, host: '127.0.0.1', servername: 'localhost' }, (answer) =>
        resolve(answer.resume().statusCode!),
      );
      asked.on('error', reject).end();
    });
  expect(await ask('/healthz', {})).toBe(200);
  const socket = connectTls({ port, host: '127.0.0.1', ca: pem, servername: 'localhost' });
  onTestFinished(() => void socket.destroy());
  const answers: string[] = [];
  socket.on('data', (chunk) => answers.push(String(chunk)));
  const handshake = (origin: string): string =>
    `GET /longwave HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${subprotocols.json}\r\n\r\n`;
  await once(socket, 'secureConnect');
  socket.write(handshake('https://localhost'));
  await expect.poll(() => answers.join('')).toContain('HTTP/1.1 101 ');
  const refused = connectTls({ port, host: '127.0.0.1', ca: pem, servername: 'localhost' });
  onTestFinished(() => void refused.destroy());
  refused.on('data', (chunk) => answers.push(String(chunk)));
  await once(refused, 'secureConnect');
  refused.write(handshake('http://localhost'));
  await expect.poll(() => answers.join('')).toContain('HTTP/1.1 403 ');
});

it('an endpoint that takes larger messages may be added while it listens', async () => {
  const { server, port } = await start();
  const sizes: number[] = [];
  server.websocket('/large', (peer) => (peer.onMessage = (data) => void sizes.push(data.length)));
  const client = new WebSocket(`ws://127.0.0.1:${port}/large`);
  await once(client as unknown as NodeJS.EventEmitter & EventTarget, 'open');
  client.send('x'.repeat(1_000_000));
  await expect.poll(() => sizes).toEqual([1_000_000]);
  expect(() => server.websocket('/traced', () => undefined, { trace: () => undefined })).toThrow(/^trace: /);
});
