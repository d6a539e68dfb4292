import { once } from 'node:events';
import { type IncomingMessage, createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { defineChannels, log, map } from '@longwave/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer } from '../server/create-server.js';
import { connectFrame } from '../testing/requests.js';
import { key, serve } from '../http-api/testing/serve.js';

const channels = defineChannels({ 'chat/:room': log(), 'board/:name': map(), '@me': log() });
const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };

/** Middleware such as Express has it: it reads the body to its end, and leaves `body` on the request. */
async function behind(parse: (body: Buffer) => unknown) {
  const server = createServer({ channels, http: { apiKeys: [key] } });
  const http = createHttpServer((request, response) => {
    void buffer(request).then((body) => {
      (request as IncomingMessage & { body?: unknown }).body = parse(body);
      if (!server.handleRequest(request, response)) response.writeHead(404).end();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe('a body that middleware has read', () => {
  it.each([
    ['express.json()', (body: Buffer) => (body.length > 0 ? (JSON.parse(body.toString()) as unknown) : undefined)],
    ['express.text()', (body: Buffer) => body.toString()],
    ['express.raw()', (body: Buffer) => body],
  ])('is taken from what %s left', async (_, parse) => {
    const url = await behind(parse);
    const answer = await fetch(`${url}/v1/channels/chat%2Fa/messages`, {
      method: 'POST',
      headers,
      body: '{"data":{"é":1}}',
    });
    expect(answer.status).toBe(201);
    const page = await fetch(`${url}/v1/channels/chat%2Fa/messages`, { headers });
    expect(await page.json()).toMatchObject({ messages: [{ data: { é: 1 } }] });
    const sent = await fetch(`${url}/longwave/send`, { method: 'POST', body: JSON.stringify(connectFrame()) });
    expect(await sent.text()).toContain('"connected"');
  });

  it('LIM-1: is held to the same limit', async () => {
    const url = await behind((body) => body);
    const answer = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: ' '.repeat(1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });
});

describe('a body that is compressed', () => {
  it.each(['gzip', 'deflate', 'br', 'x-own'])('is refused with 415: %s', async (encoding) => {
    const { call } = await serve();
    const told = { 'content-encoding': encoding };
    expect((await call('POST', '/v1/channels/news/messages', '{"data":1}', told)).status).toBe(415);
    expect(
      (await call('POST', '/v1/channels/news/messages', '{"data":1}', { 'content-encoding': 'identity' })).status,
    ).toBe(201);
  });

  it('HTTP-10: over stream, poll and send as well', async () => {
    const server = createServer({ channels });
    onTestFinished(() => server.close());
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    for (const route of ['stream', 'poll', 'send']) {
      const answer = await fetch(`http://127.0.0.1:${port}/longwave/${route}`, {
        method: 'POST',
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify(connectFrame())),
      });
      expect([route, answer.status]).toEqual([route, 415]);
    }
  });
});

describe('numbers that are no double', () => {
  it.each([
    '12345678901234567890',
    '9007199254740993',
    '-9007199254740993',
    '1e400',
    '{"a":[1,{"id":9007199254740993}]}',
  ])('%s is refused, not stored as another', async (data) => {
    const { call } = await serve();
    const answer = await call('POST', '/v1/channels/news/messages', `{"data":${data}}`);
    expect([answer.status, answer.body.error.code]).toEqual([422, 'invalid-data']);
    const batch = await call('POST', '/v1/messages', `{"messages":[{"channel":"news","data":${data}}]}`);
    expect(batch.status).toBe(422);
  });

  it.each([
    '9007199254740991',
    '10000000000000000',
    '"9007199254740993"',
    '"\\"9007199254740993"',
    '0.1234567890123456789',
    '1e21',
  ])('%s is stored', async (data) => {
    const { call } = await serve();
    expect((await call('POST', '/v1/channels/news/messages', `{"data":${data}}`)).status).toBe(201);
  });
});
