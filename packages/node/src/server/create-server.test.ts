import { once } from 'node:events';
import { type IncomingMessage, createServer as createHttpServer, get } from 'node:http';
import { type AddressInfo, type Socket, connect as connectSocket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { LongwaveError, defineCalls, defineChannels, log } from '@longwave/protocol';
import { createServer } from './create-server.js';
import type { ServerOptions } from './server-options.js';

const channels = defineChannels({ 'chat/:room': log(), '@me': log() });
const json = 'longwave.v1.json';
const open: { close(): Promise<void> }[] = [];
const sockets: { destroy(): void }[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(options: Partial<ServerOptions<typeof channels>> = {}) {
  const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined }, ...options });
  open.push(server);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  return { server, port, url: `ws://127.0.0.1:${port}` };
}

function dial(url: string, protocols: string[] = [json], options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(url, protocols, options);
  sockets.push({ destroy: () => socket.terminate() });
  const frames: { type: string; [field: string]: unknown }[] = [];
  socket.on('message', (data: Buffer) => {
    for (const line of data.toString().split('\n')) frames.push(JSON.parse(line) as { type: string });
  });
  const refused = new Promise<number>((resolve) =>
    socket.on('unexpected-response', (_, response: IncomingMessage) => resolve(response.statusCode!)),
  );
  socket.on('error', () => undefined);
  return { socket, frames, refused };
}

async function join(url: string, ...lines: object[]) {
  const client = dial(`${url}/longwave`);
  await once(client.socket, 'open');
  const first = { type: 'connect', version: 1, client: `c${Math.random()}` };
  client.socket.send([first, ...lines].map((line) => JSON.stringify(line)).join('\n'));
  await expect.poll(() => client.frames.length).toBeGreaterThan(lines.length);
  return client;
}

/** Speaks HTTP by hand. */
async function raw(port: number, text: string): Promise<{ socket: Socket; read: () => string }> {
  const socket = connectSocket(port, '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString('latin1')));
  await once(socket, 'connect');
  socket.write(text);
  return { socket, read: () => received };
}

it('keeps idle connections longer than proxies do, and closes in spite of them', async () => {
  const { server, port } = await start();
  const { socket, read } = await raw(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await expect.poll(read).toMatch(/^HTTP\/1\.1 200 [^]*\r\nKeep-Alive: timeout=75\r\n/);
  const { socket: late, read: readLate } = await raw(port, 'POST /longwave/poll?hold=60000 HTTP/1.1\r\nHost: x\r\n');
  const connect = JSON.stringify({ type: 'connect', version: 1, client: 'late' });
  late.write(`Content-Length: ${connect.length}\r\n\r\n${connect}`);
  await expect.poll(() => server.engine.stats.connections).toBe(1);
  const ended = [once(socket, 'close'), once(late, 'close')];
  await server.close();
  await Promise.all(ended);
  expect(readLate()).toContain('"goaway"');
});

it('answers health checks that name no host', async () => {
  const { port } = await start();
  for (const path of ['/healthz', '/readyz']) {
    const { socket, read } = await raw(port, `GET ${path} HTTP/1.0\r\n\r\n`);
    await once(socket, 'end');
    expect(read()).toMatch(/^HTTP\/1\.1 200 /);
  }
});

describe('the WebSocket endpoint', () => {
  it('tells an upgrade that lost its header on the way that it has, also on an attached server', async () => {
    const { server, port } = await start();
    const app = createHttpServer((_, response) => void response.end('the application'));
    server.attach(app);
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    open.push({ close: async () => void app.close() });
    for (const each of [port, (app.address() as AddressInfo).port]) {
      const { socket, read } = await raw(each, 'GET /longwave?x HTTP/1.0\r\nHost: x\r\n\r\n');
      await once(socket, 'end');
      expect(read()).toMatch(/^HTTP\/1.1 426 [^]*\r\nUpgrade: websocket\r\n[^]*no Upgrade header came/);
    }
  });

  it('SES-2, PUB-1, MSG-1: one message connects, subscribes and publishes', async () => {
    const { url } = await start();
    const { frames } = await join(
      url,
      { type: 'subscribe', id: 1, channel: 'chat/a' },
      { type: 'publish', id: 2, channel: 'chat/a', seq: 1, data: { text: 'é' } },
    );
    await expect.poll(() => frames.map(({ type }) => type)).toEqual(['connected', 'subscribed', 'ack', 'message']);
    expect(frames[3]).toMatchObject({ offset: 1, ops: [{ data: { text: 'é' } }] });
  });

  it('WIRE-2: chooses the codec by subprotocol and refuses a handshake without one', async () => {
    const { url } = await start();
    for (const protocol of [json, 'longwave.v1.binary']) {
      const { socket } = dial(`${url}/longwave`, ['other', protocol]);
      await once(socket, 'open');
      expect(socket.protocol).toBe(protocol);
    }
    expect(await dial(`${url}/longwave`, ['other']).refused).toBe(400);
    expect(await dial(`${url}/longwave`, []).refused).toBe(400);
  });

  it('refuses foreign and opaque origins, and takes its own, listed ones and none', async () => {
    const { url, port } = await start();
    const listed = await start({ allowedOrigins: ['https://app.example'] });
    for (const origin of ['https://evil.example', 'null', 'nonsense']) {
      expect(await dial(`${url}/longwave`, [json], { origin }).refused).toBe(403);
    }
    expect(await dial(`${listed.url}/longwave`, [json], { origin: `http://127.0.0.1:${listed.port}` }).refused).toBe(
      403,
    );
    for (const [target, options] of [
      [url, { origin: `http://127.0.0.1:${port}` }],
      [url, {}],
      [listed.url, { origin: 'https://app.example' }],
    ] as const) {
      await once(dial(`${target}/longwave`, [json], options).socket, 'open');
    }
  });

  it('answers unknown paths with 404, too many connections and a draining node with 503', async () => {
    const { url, server } = await start({ maxConnections: 1 });
    expect(await dial(`${url}/elsewhere`).refused).toBe(404);
    await join(url);
    expect(await dial(`${url}/longwave`).refused).toBe(503);
    await server.engine.drain(0);
    expect(await dial(`${url}/longwave`).refused).toBe(503);
  });

  it.each([
    [
      'no key',
      'GET /longwave HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n',
      '400',
    ],
    [
      'another version',
      'GET /longwave HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n',
      '426',
    ],
    ['a POST', 'POST /longwave HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', '405'],
  ])('RFC 6455 §4.2: refuses a handshake with %s', async (_, request, status) => {
    const { port } = await start();
    const { read } = await raw(port, request);
    await expect.poll(read).toContain(`HTTP/1.1 ${status} `);
  });

  it('LIM-1: a message above the limit is answered with too-large, closes with its code and disturbs nobody', async () => {
    const { url } = await start();
    const [large, other] = [await join(url), await join(url, { type: 'subscribe', id: 1, channel: 'chat/a' })];
    large.socket.send('x'.repeat(70_000));
    const [code] = (await once(large.socket, 'close')) as [number];
    expect(code).toBe(4413);
    expect(large.frames.at(-1)).toMatchObject({ type: 'error', code: 'too-large' });
    other.socket.send('{"type":"ping"}');
    await expect.poll(() => other.frames.at(-1)?.type).toBe('pong');
  });

  it('frees the session when the peer vanishes', async () => {
    const { url, server } = await start();
    const { socket } = await join(url, { type: 'subscribe', id: 1, channel: 'chat/a' });
    expect(server.engine.stats).toMatchObject({ connections: 1, subscriptions: 1, channels: 1 });
    socket.terminate();
    await expect.poll(() => server.engine.stats).toMatchObject({ connections: 0, subscriptions: 0, channels: 0 });
  });

  it('compresses once for all when asked to, and speaks plainly with those who cannot', async () => {
    const { url, server } = await start({ compress: true });
    const clients = [true, true, false].map((perMessageDeflate) =>
      dial(`${url}/longwave`, [json], { perMessageDeflate }),
    );
    for (const { socket } of clients) {
      await once(socket, 'open');
      socket.send(
        '{"type":"connect","version":1,"client":"c' +
          Math.random() +
          '"}\n{"type":"subscribe","id":1,"channel":"chat/a"}',
      );
    }
    await expect.poll(() => server.engine.stats.subscriptions).toBe(3);
    expect(clients.map(({ socket }) => socket.extensions)).toEqual([
      expect.stringContaining('permessage-deflate'),
      expect.stringContaining('permessage-deflate'),
      '',
    ]);
    await server.channel('chat/a').publish('long '.repeat(1000));
    for (const { frames } of clients) {
      await expect.poll(() => frames.at(-1)).toMatchObject({ type: 'message', ops: [{ data: 'long '.repeat(1000) }] });
    }
  });

  it('MSG-2: a reader that stops costs a bounded amount and gets everything when it goes on', async () => {
    const server = createServer({ channels });
    open.push(server);
    const http = createHttpServer();
    const links: Socket[] = [];
    http.on('connection', (socket) => links.push(socket));
    server.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    open.push({ close: async () => void http.close() });
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const { socket, frames } = await join(url, { type: 'subscribe', id: 1, channel: 'chat/a' });
    socket.pause();
    const text = 'x'.repeat(1000);
    let held = 0;
    for (let i = 0; i < 20_000; i++) {
      // The log keeps 1,000: what is not read in time is reset, not held for the reader.
      void server.channel('chat/a').publish(`${i} ${text}`);
      if (i % 100 !== 0) continue;
      await new Promise((resolve) => setImmediate(resolve));
      held = Math.max(held, links[0]!.writableLength);
    }
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThan(64 * 1024);
    socket.resume();
    await expect.poll(() => frames.some(({ type }) => type === 'reset')).toBe(true);
    const last = () => (frames.at(-1)?.['ops'] as { data: string }[] | undefined)?.at(-1)?.data;
    await expect.poll(last).toBe(`19999 ${text}`);
    expect(frames.filter(({ type }) => type === 'reset')).toMatchObject([{ reason: 'trimmed' }]);
  });
});

describe('plain endpoints', () => {
  it('greet, echo text and binary, and tell when they close', async () => {
    const { server, url } = await start();
    const closed: unknown[] = [];
    server.websocket('/echo', (socket, request) => {
      socket.send(`hello ${request.url}`);
      socket.onMessage = (data) => socket.send(data);
      socket.onClose = (code, reason) => closed.push([code, reason]);
    });
    const socket = new WebSocket(`${url}/echo?x=1`);
    const received: unknown[] = [];
    socket.on('message', (data: Buffer, isBinary: boolean) => received.push(isBinary ? [...data] : data.toString()));
    await once(socket, 'open');
    socket.send('text');
    socket.send(Uint8Array.of(1, 2, 255));
    await expect.poll(() => received).toEqual(['hello /echo?x=1', 'text', [1, 2, 255]]);
    socket.close(4001, 'bye');
    await expect.poll(() => closed).toEqual([[4001, 'bye']]);
  });

  it('refuse a path that is taken', async () => {
    const { server } = await start();
    server.websocket('/echo', () => undefined);
    expect(() => server.websocket('/echo', () => undefined)).toThrow(RangeError);
    expect(() => server.websocket('/longwave', () => undefined)).toThrow(RangeError);
    expect(() => server.websocket('echo', () => undefined)).toThrow(RangeError);
  });

  it('a handler that throws closes its connection with 1011 and nothing else', async () => {
    const errors: unknown[] = [];
    const { server, url } = await start({ logger: { error: (_, cause) => errors.push(cause), info: () => undefined } });
    server.websocket('/first', () => {
      throw new Error('at once');
    });
    server.websocket('/later', (socket) => {
      socket.onMessage = () => {
        throw new Error('later');
      };
    });
    for (const path of ['/first', '/later']) {
      const socket = new WebSocket(url + path);
      socket.on('open', () => socket.send('x'));
      expect((await once(socket, 'close'))[0]).toBe(1011);
    }
    expect(errors).toMatchObject([{ message: 'at once' }, { message: 'later' }]);
  });

  it('a peer that does not read is not read from', async () => {
    const { server, url } = await start();
    let echoed = 0;
    server.websocket('/echo', (socket) => {
      socket.onMessage = (data) => {
        echoed++;
        socket.send(data);
      };
    });
    const socket = new WebSocket(`${url}/echo`);
    sockets.push({ destroy: () => socket.terminate() });
    await once(socket, 'open');
    socket.pause();
    const block = Buffer.alloc(1 << 20);
    for (let i = 0; i < 64; i++) socket.send(block);
    await expect.poll(() => echoed).toBeGreaterThan(0);
    let before = -1;
    await expect.poll(() => before === (before = echoed), { interval: 100 }).toBe(true);
    expect(echoed).toBeLessThan(64);
    let back = 0;
    socket.on('message', () => back++);
    socket.resume();
    await expect.poll(() => back, { timeout: 10_000 }).toBe(64);
  });

  it('show what passes on the wire', async () => {
    const { server, url } = await start();
    const events: { direction: string; text: string }[] = [];
    server.websocket('/echo', (socket) => void (socket.onMessage = (data) => socket.send(data)), {
      trace:
        () =>
        ({ direction, bytes }) =>
          events.push({ direction, text: Buffer.from(bytes).toString('latin1') }),
    });
    const socket = new WebSocket(`${url}/echo`);
    await once(socket, 'open');
    socket.send('hi');
    await once(socket, 'message');
    socket.close();
    expect(events.slice(0, 3).map(({ direction }) => direction)).toEqual(['out', 'in', 'out']);
    expect(events[0]!.text).toMatch(/^HTTP\/1\.1 101 /);
    // Masked as it came, not as it was decoded.
    expect(events[1]!.text.charCodeAt(1)).toBe(0x82);
    expect(events[2]!.text).toBe('\x81\x02hi');
  });
});

describe('embedding', () => {
  it('attaches to an HTTP server and leaves its requests and other upgrades alone', async () => {
    const http = createHttpServer((_, response) => response.end('mine'));
    http.on('upgrade', (request, socket) => {
      if (request.url === '/mine') socket.end('HTTP/1.1 418 Mine\r\n\r\n');
    });
    const server = createServer({ channels });
    server.attach(http);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const url = `ws://127.0.0.1:${port}`;
    await join(url);
    expect(await dial(`${url}/mine`).refused).toBe(418);
    const [response] = (await once(get(`http://127.0.0.1:${port}/healthz`), 'response')) as [IncomingMessage];
    expect((await once(response, 'data'))[0].toString()).toBe('mine');
    await server.close();
    expect(http.listening).toBe(true);
    http.closeAllConnections();
    http.close();
  });

  it('serves the HTTP API on its own port', async () => {
    const { port } = await start({ http: { apiKeys: ['key-0123456789abcdef'] } });
    const response = await fetch(`http://127.0.0.1:${port}/v1/channels/chat%2Fa/messages`, {
      method: 'POST',
      headers: { authorization: 'Bearer key-0123456789abcdef', 'content-type': 'application/json' },
      body: '{"data":1}',
    });
    expect(response.status).toBe(201);
    expect(await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()).toMatchObject({ status: 'ready' });
    expect((await fetch(`http://127.0.0.1:${port}/nothing`)).status).toBe(404);
  });

  it('tells why it cannot listen', async () => {
    const { port } = await start();
    await expect(createServer({ channels }).listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('types channels, messages and the inbox', async () => {
    const { server } = await start({
      calls: defineCalls({ echo: { input: undefined, handle: (input) => input } }),
      authenticate: (token) => {
        if (!token) throw new LongwaveError('unauthenticated');
        return { user: token };
      },
    });
    await server.channel('chat/a').publish('one', { id: 'x', user: 'ada' });
    // @ts-expect-error: no pattern has this name.
    await expect(server.channel('nope').publish(1)).rejects.toMatchObject({ code: 'unknown-channel' });
    const page = await server.channel('chat/a').history();
    const meta = { channel: 'chat/a', epoch: page.epoch, offset: 1, id: 'x', user: 'ada', recovered: true };
    expect(page).toMatchObject({ floor: 0, top: 1, messages: [{ data: 'one', meta }] });
    await expect(server.channel('chat/a').history({ epoch: 'another' })).rejects.toMatchObject({
      code: 'epoch-changed',
    });
    expect(await server.channel('chat/a').history({ epoch: page.epoch })).toEqual(page);
    expect(await server.user('ada').publish('hi')).toMatchObject({
      position: { offset: 1 },
      duplicate: false,
      durability: 'memory',
    });
    expect(await server.user('ada').disconnect()).toEqual({ connections: 0, missing: [] });
  });
});

describe('a server that asks nobody who they are', () => {
  async function linesOf(
    host: string | undefined,
    options: Partial<ServerOptions<typeof channels>>,
  ): Promise<string[]> {
    const lines: string[] = [];
    const logger = { error: (line: string) => void lines.push(line), info: () => undefined };
    const server = createServer({ channels, logger, ...options });
    open.push(server);
    await server.listen({ port: 0, ...(host !== undefined && { host }) });
    return lines;
  }

  it('says so in one line where others than its machine reach it', async () => {
    const line = expect.stringMatching(/neither authenticate nor authorize/);
    expect(await linesOf(undefined, {})).toEqual([line]);
    expect(await linesOf('0.0.0.0', {})).toEqual([line]);
  });

  it('says nothing on loopback, nor where somebody is asked', async () => {
    expect(await linesOf('127.0.0.1', {})).toEqual([]);
    expect(await linesOf(undefined, { authenticate: () => ({}) })).toEqual([]);
    expect(await linesOf(undefined, { authorize: () => true })).toEqual([]);
  });
});
