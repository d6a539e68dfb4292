import { once } from 'node:events';
import { request as requestHttp1 } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionInfo } from '@longwave/core';
import { createClientCodec, defineChannels, log } from '@longwave/protocol';
import { createServer } from '../server/create-server.js';
import type { ServerOptions } from '../server/server-options.js';
import { connectHttp2, openWebSocket, pem, request } from '../testing/http2-client.js';

const channels = defineChannels({
  'chat/:room': log({ retain: { maxCount: 10_000, maxBytes: 100_000_000 } }),
  '@me': log(),
});
const cleanUp: (() => unknown)[] = [];
const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);

beforeEach(() => {
  warnings.length = 0;
  process.on('warning', onWarning);
});

afterEach(async () => {
  for (const undo of cleanUp.splice(0).reverse()) await undo();
  process.off('warning', onWarning);
  // Such as those about headers that HTTP/2 forbids.
  if (warnings[0]) throw warnings[0];
});

async function start(options: Partial<ServerOptions<typeof channels>> = {}) {
  const infos: ConnectionInfo[] = [];
  const server = createServer({
    channels,
    logger: { error: () => undefined, info: () => undefined },
    authenticate: (_token, info) => (infos.push(info), { user: 'ada' }),
    tls: { key: pem, cert: pem },
    http: { apiKeys: ['key'] },
    ...options,
  });
  cleanUp.push(() => server.close());
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const dial = async () => {
    const session = await connectHttp2(port);
    cleanUp.push(() => session.destroy());
    return session;
  };
  return { server, port, infos, dial };
}

const hello = (n: number | string, ...more: object[]): string =>
  [{ type: 'connect', version: 1, client: `c${n}` }, ...more].map((frame) => JSON.stringify(frame)).join('\n');
const subscribe = { type: 'subscribe', id: 1, channel: 'chat/a' };
const key = { authorization: 'Bearer key' };
const types = (frames: { type: string }[]): string[] => frames.map(({ type }) => type);
const events = (text: string): unknown[] =>
  text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));

describe('HTTP/2 on the port of HTTP/1.1', () => {
  it('is spoken with those who can (ALPN), and not where it is not wanted', async () => {
    const { port } = await start();
    const off = await start({ tls: { key: pem, cert: pem, ALPNProtocols: ['http/1.1'] } });
    const agreed = async (to: number, protocols: string[]) => {
      const socket = connectTls({
        port: to,
        host: '127.0.0.1',
        ca: pem,
        servername: 'localhost',
        ALPNProtocols: protocols,
      });
      cleanUp.push(() => socket.destroy());
      await once(socket, 'secureConnect');
      return socket.alpnProtocol;
    };
    expect(await agreed(port, ['h2', 'http/1.1'])).toBe('h2');
    expect(await agreed(port, ['http/1.1'])).toBe('http/1.1');
    expect(await agreed(off.port, ['h2', 'http/1.1'])).toBe('http/1.1');
    const old = requestHttp1({
      port,
      host: '127.0.0.1',
      path: '/healthz',
      ca: pem,
      servername: 'localhost',
      agent: false,
    }).end();
    const [response] = (await once(old, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(200);
  });

  it('serves the HTTP API, bodies and refusals too', async () => {
    const { dial, server } = await start();
    const session = await dial();
    const health = await request(session, '/healthz');
    await health.end;
    expect([health.status, health.text()]).toEqual([200, '{"status":"alive"}']);
    const json = { ...key, 'content-type': 'application/json' };
    const publish = (body: string) => request(session, '/v1/channels/chat%2Fa/messages', { ...json, body });
    expect((await publish('{"data":1}')).status).toBe(201);
    expect((await publish('{"data":')).status).toBe(400);
    expect((await publish(JSON.stringify({ data: 'x'.repeat(2_000_000) }))).status).toBe(413);
    expect((await request(session, '/v1/channels/chat%2Fa/messages')).status).toBe(401);
    expect((await request(session, '/elsewhere')).status).toBe(404);
    expect((await request(session, '/longwave')).status).toBe(405);
    // A body without a length: HTTP/2 needs none.
    const disconnect = await request(session, '/v1/users/ada/disconnect', { ...json, body: '{"message":""}' });
    expect(disconnect.status).toBe(400);
    expect((await server.channel('chat/a').history()).messages).toHaveLength(1);
  });

  it('READ-1, READ-10: serves plain readers', async () => {
    const { dial, server, infos } = await start();
    const session = await dial();
    const stream = await request(session, '/v1/channels/chat%2Fa/events?from=now');
    expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    for (let n = 1; n <= 100; n++) await server.channel('chat/a').publish(n);
    await expect.poll(() => events(stream.text()).length).toBe(100);
    expect(infos[0]).toMatchObject({ transport: 'events', remoteAddress: '127.0.0.1' });
    const bounds = await request(session, '/v1/channels/chat%2Fa/history');
    await bounds.end;
    const { links } = JSON.parse(bounds.text()) as { links: Record<string, string> };
    const page = await request(session, `/v1/channels/chat%2Fa/${links['oldest']}`);
    await page.end;
    expect(JSON.parse(page.text())).toMatchObject({ complete: true });
    const known = { 'if-none-match': page.headers.etag! };
    expect((await request(session, `/v1/channels/chat%2Fa/${links['oldest']}`, known)).status).toBe(304);
    expect((await request(session, '/v1/channels/none/events')).status).toBe(404);
    stream.stream.close();
    await expect.poll(() => server.engine.stats.connections).toBe(0);
  });

  it('serves the transports of requests: stream, poll and send', async () => {
    const { dial, server } = await start();
    const session = await dial();
    const stream = await request(session, '/longwave/stream', { body: hello(1, subscribe) });
    await expect.poll(() => types(events(stream.text()) as never)).toEqual(['connected', 'subscribed']);
    const publish = { type: 'publish', id: 1, channel: 'chat/a', seq: 1, data: 'hi' };
    const sent = await request(session, '/longwave/send', { body: hello(1, publish) });
    await sent.end;
    expect(types(events(sent.text()) as never)).toEqual(['connected', 'ack']);
    await expect.poll(() => events(stream.text()).length).toBe(3);
    const position = { ...subscribe, last: 1 };
    const poll = await request(session, '/longwave/poll', { body: hello(2, position) });
    await poll.end;
    expect(types(events(poll.text()) as never)).toEqual(['connected', 'subscribed', 'message']);
    const foreign = await request(session, '/longwave/poll', { body: hello(3), origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    await server.engine.drain(0);
    await stream.end;
    expect(types(events(stream.text()) as never).slice(3)).toEqual(['goaway', 'error']);
    expect((await request(session, '/longwave/poll', { body: hello(2) })).status).toBe(503);
  });
});

describe('WebSocket over HTTP/2 (RFC 8441)', () => {
  it('WIRE-8: carries frames both ways, many connections in one', async () => {
    const { dial, server, infos, port } = await start();
    const session = await dial();
    const host = `localhost:${port}`;
    const origin = `https://${host}`;
    const sockets = await Promise.all([1, 2, 3, 4, 5].map(() => openWebSocket(session, '/longwave?x', { origin })));
    for (const [n, { status, headers, connection }] of sockets.entries()) {
      expect([status, headers['sec-websocket-protocol'], headers['sec-websocket-accept']]).toEqual([
        200,
        'longwave.v1.json',
        undefined,
      ]);
      connection.sendText(hello(n, subscribe));
    }
    for (const { frames } of sockets) await expect.poll(() => types(frames())).toEqual(['connected', 'subscribed']);
    expect(infos[0]).toMatchObject({
      transport: 'websocket',
      remoteAddress: '127.0.0.1',
      headers: { host },
    });
    const publish = { type: 'publish', id: 2, channel: 'chat/a', seq: 1, data: { text: 'é'.repeat(10_000) } };
    sockets[0]!.connection.sendText(JSON.stringify(publish));
    for (const { frames } of sockets) await expect.poll(() => types(frames())).toContain('message');
    // One that breaks off takes nothing with it.
    sockets[4]!.stream.close(8);
    await expect.poll(() => server.engine.stats.connections).toBe(4);
    sockets[3]!.connection.close(1000);
    expect((await sockets[3]!.closed).code).toBe(1000);
    await expect.poll(() => server.engine.stats.connections).toBe(3);
    session.destroy();
    await expect.poll(() => server.engine.stats.connections).toBe(0);
  });

  it('WIRE-2, WIRE-8: speaks both codecs, compressed if wished', async () => {
    const { dial, server } = await start({ compress: true });
    const codec = createClientCodec('binary');
    const { connection, messages, headers } = await openWebSocket(await dial(), '/longwave', {
      'sec-websocket-protocol': 'longwave.v1.json, longwave.v1.binary',
      'sec-websocket-extensions': 'permessage-deflate',
    });
    expect(headers['sec-websocket-protocol']).toBe('longwave.v1.binary');
    expect(headers['sec-websocket-extensions']).toMatch(/^permessage-deflate/);
    connection.sendBinary(codec.encode({ type: 'connect', version: 1, client: 'c' }) as Uint8Array);
    await expect
      .poll(() => messages.flatMap((message) => codec.decode(message)))
      .toMatchObject([{ type: 'connected' }]);
    expect(server.engine.stats.connections).toBe(1);
  });

  it('WIRE-8, WIRE-17: takes the first message out of the request', async () => {
    const { dial } = await start();
    const codec = createClientCodec('binary');
    const first = codec.encode({ type: 'connect', version: 1, client: 'c' }) as Uint8Array;
    const offered = `longwave.v1.binary, longwave.v1.binary.first, longwave.first.${Buffer.from(first).toString('base64url')}`;
    const { messages, headers } = await openWebSocket(await dial(), '/longwave', { 'sec-websocket-protocol': offered });
    expect(headers['sec-websocket-protocol']).toBe('longwave.v1.binary.first');
    await expect
      .poll(() => messages.flatMap((message) => codec.decode(message)))
      .toMatchObject([{ type: 'connected' }]);
  });

  it('opens plain endpoints', async () => {
    const { dial, server } = await start();
    const traced: string[] = [];
    server.websocket(
      '/echo',
      (socket, { headers }) => {
        socket.onMessage = (data) => void socket.send(data);
        void socket.send(headers.host!);
      },
      {
        protocols: ['echo'],
        trace: () => (event) => traced.push(`${event.direction} ${Buffer.from(event.bytes).toString('latin1')}`),
      },
    );
    const { messages, connection, headers, closed } = await openWebSocket(await dial(), '/echo', {
      'sec-websocket-protocol': 'echo',
    });
    expect(headers['sec-websocket-protocol']).toBe('echo');
    connection.sendText('hello');
    connection.sendBinary(new Uint8Array(200_000));
    await expect.poll(() => messages.length).toBe(3);
    expect(messages[1]).toBe('hello');
    expect((messages[2] as Uint8Array).length).toBe(200_000);
    expect(traced[0]).toBe('out HTTP/2 200\r\nsec-websocket-protocol: echo\r\n\r\n');
    await server.close();
    expect(await closed).toEqual({ code: 1001, reason: 'going away' });
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['another path', { ':path': '/elsewhere' }, 404],
    ['another subprotocol', { 'sec-websocket-protocol': 'other' }, 400],
    ['no subprotocol', { 'sec-websocket-protocol': undefined }, 400],
    ['another version', { 'sec-websocket-version': '8' }, 400],
    ['another protocol', { ':protocol': 'connect-udp' }, 501],
  ])('WIRE-8: refuses %s', async (_, headers, status) => {
    const { dial, infos } = await start();
    const refused = await openWebSocket(await dial(), '/longwave', headers);
    expect(refused.status).toBe(status);
    await once(refused.stream, 'close');
    expect(infos).toEqual([]);
  });

  it('WIRE-8: answers a key, which the WebSocket of Node 26 sends and holds the answer against', async () => {
    const { dial } = await start();
    const offer = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const { headers } = await openWebSocket(await dial(), '/longwave', offer);
    expect(headers['sec-websocket-accept']).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  it('refuses more connections than there may be, and a draining node', async () => {
    const { dial, server } = await start({ maxConnections: 1 });
    const session = await dial();
    const first = await openWebSocket(session, '/longwave');
    expect(first.status).toBe(200);
    expect(await openWebSocket(session, '/longwave')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    await server.engine.drain(0);
    expect(await openWebSocket(session, '/longwave')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  it('LIM-1: holds messages to their limit', async () => {
    const { dial } = await start();
    const { connection, closed } = await openWebSocket(await dial(), '/longwave');
    connection.sendText('x'.repeat(70_000));
    expect((await closed).code).toBe(4413);
  });

  it('SES-7: closing sends everybody away, by GOAWAY too, and leaves nothing open', async () => {
    const { dial, server } = await start();
    const [busy, idle] = [await dial(), await dial()];
    const goaway = Promise.all([once(busy, 'goaway'), once(idle, 'close')]);
    const { connection, frames, closed } = await openWebSocket(busy, '/longwave');
    connection.sendText(hello(1, subscribe));
    await expect.poll(() => types(frames())).toEqual(['connected', 'subscribed']);
    await Promise.all([server.close({ drain: 50 }), goaway]);
    expect(types(frames())).toEqual(['connected', 'subscribed', 'goaway', 'error']);
    expect((await closed).code).toBe(4504);
    await expect.poll(() => busy.destroyed).toBe(true);
  });

  it('MSG-2: a stream that is not read holds up none of its connection, and gets everything later', async () => {
    const { dial, server } = await start();
    const session = await dial();
    const slow = await openWebSocket(session, '/longwave');
    const fast = await openWebSocket(session, '/longwave');
    slow.connection.sendText(hello('slow', subscribe));
    fast.connection.sendText(hello('fast', subscribe));
    for (const { frames } of [slow, fast]) await expect.poll(() => types(frames())).toHaveLength(2);
    slow.stream.pause();
    const count = 1000;
    const offsets = ({ frames }: typeof slow): number[] =>
      (frames() as unknown as { type: string; offset: number; ops: unknown[] }[])
        .filter(({ type }) => type === 'message')
        .flatMap(({ offset, ops }) => ops.map((_, i) => offset + i));
    const all = Array.from({ length: count }, (_, i) => i + 1);
    for (const n of all) await server.channel('chat/a').publish(`${n} ${'x'.repeat(5000)}`);
    await expect.poll(() => offsets(fast).length, { timeout: 20_000 }).toBe(count);
    expect(server.engine.stats.delivered).toBeLessThan(1.2 * count);
    slow.stream.resume();
    await expect.poll(() => offsets(slow).length, { timeout: 20_000 }).toBe(count);
    expect([offsets(slow), offsets(fast)]).toEqual([all, all]);
  }, 60_000);
});
