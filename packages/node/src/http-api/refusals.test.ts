import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { codeMessages } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { key, serve } from './testing/serve.js';

describe('keys', () => {
  it('is shut without a key in the configuration', async () => {
    const { call } = await serve({ apiKeys: [], metrics: 'key' });
    for (const [method, path] of [
      ['POST', '/v1/channels/news/messages'],
      ['GET', '/v1/openapi.json'],
      ['GET', '/metrics'],
    ] as const) {
      const answer = await call(method, path, undefined, { authorization: 'Bearer undefined' });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    }
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  it('takes any of its keys and nothing else', async () => {
    const { call } = await serve({ apiKeys: ['first-key', 'second-key'] });
    const path = '/v1/channels/news/messages';
    for (const good of ['Bearer first-key', 'Bearer second-key', 'bearer first-key']) {
      expect((await call('GET', path, undefined, { authorization: good })).status, good).toBe(200);
    }
    for (const bad of ['', 'first-key', 'Basic first-key', 'Bearer first-ke', 'Bearer first-keyy', 'Bearer ']) {
      const answer = await call('GET', path, undefined, { authorization: bad });
      expect(answer, bad).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('refuses to start with a key that is none', async () => {
    await expect(serve({ apiKeys: [''] })).rejects.toThrow(RangeError);
    await expect(serve({ apiKeys: ['two words'] })).rejects.toThrow(RangeError);
  });

  it('does not read the body of a request without a key', async () => {
    const { port } = await serve();
    const socket = connectTcp(port, '127.0.0.1');
    socket.write(
      'POST /v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{',
    );
    const text = await readAll(socket);
    expect(text).toMatch(/^HTTP\/1.1 401 /);
    expect(text.toLowerCase()).toContain('connection: close');
  });
});

describe('requests that are wrong', () => {
  it('are answered by a problem document that names its page', async () => {
    const { call } = await serve();
    const answer = await call('GET', '/v1/channels/a%2Fb%2Fc/messages');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { detail } = answer.body;
    expect(answer.body).toEqual({
      type: '/docs/errors#unknown-channel',
      title: codeMessages['unknown-channel'],
      status: 404,
      detail: expect.any(String),
      error: { code: 'unknown-channel', message: detail },
    });
  });

  it('says which methods a path takes, and leaves other paths to others', async () => {
    const { call } = await serve();
    const wrong = await call('DELETE', '/v1/channels/news/messages');
    expect(wrong).toMatchObject({ status: 405, body: { error: { code: 'unknown-method' } } });
    expect(wrong.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'POST']);
    expect(await call('GET', '/v1/nothing')).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown-method' } },
    });
    for (const path of ['/', '/v10', '/healthzz', '/app/v1/messages', '/metricsx']) {
      expect((await call('GET', path)).status, path).toBe(418);
    }
  });

  it('takes JSON only', async () => {
    const { call } = await serve();
    const path = '/v1/channels/news/messages';
    const text = await call('POST', path, '{"data":1}', { 'content-type': 'text/plain' });
    expect(text).toMatchObject({ status: 415, body: { error: { code: 'bad-frame' } } });
    const typed = await call('POST', path, '{"data":1}', { 'content-type': 'application/json; charset=utf-8' });
    expect(typed.status).toBe(201);
  });

  it('LIM-1: refuses a body that is too large by its length, and one that lies about it', async () => {
    const { call, port } = await serve({ bodyBytes: 1000 });
    const declared = await call('POST', '/v1/channels/news/messages', { data: 'x'.repeat(1000) });
    expect(declared).toMatchObject({ status: 413, body: { error: { code: 'too-large' } } });
    const request = send(port, '/v1/channels/news/messages', {});
    request.write('{"data":"');
    const answered = once(request, 'response');
    for (let i = 0; i < 20; i++) request.write('x'.repeat(100));
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    expect(response.headers.connection).toBe('close');
    response.resume();
    request.destroy();
  });

  it('WIRE-10: refuses a text that is not well-formed, in a body and in a URL', async () => {
    const { call, errors } = await serve();
    const json = { 'content-type': 'application/json' };
    for (const field of ['id', 'user']) {
      const body = `{"data":1,"${field}":"\\ud800"}`;
      for (const [method, path] of [
        ['POST', '/v1/channels/news/messages'],
        ['PUT', '/v1/channels/board%2Fa/entries/A'],
      ] as const) {
        expect(await call(method, path, body, json)).toMatchObject({
          status: 422,
          body: { error: { code: 'invalid-data' } },
        });
      }
    }
    for (const path of [
      '/v1/users/%FF/recheck',
      '/v1/users/%ed%a0%80/disconnect',
      '/v1/channels/news/messages?after=%FF',
    ]) {
      const method = path.includes('users') ? 'POST' : 'GET';
      expect(await call(method, path), path).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    }
    expect(errors).toEqual([]);
  });

  it('WIRE-9: refuses data that nests more than 64 levels, however deep', async () => {
    const { call, errors } = await serve();
    const body = (depth: number): string => `{"data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const json = { 'content-type': 'application/json' };
    const paths = [
      ['POST', '/v1/channels/news/messages', body],
      ['POST', '/v1/messages', (depth: number) => `{"messages":[{"channel":"news",${body(depth).slice(1)}]}`],
      ['PUT', '/v1/channels/board%2Fa/entries/ACME', body],
      [
        'PATCH',
        '/v1/channels/board%2Fa/entries/B',
        (depth: number) =>
          body(depth - 1)
            .replace(':', ':{"a":')
            .concat('}'),
      ],
    ] as const;
    for (const [method, path, make] of paths) {
      expect((await call(method, path, make(64), json)).status, path).toBeLessThan(202);
      for (const depth of [65, 5_000, 300_000]) {
        const { status, body: answer } = await call(method, path, make(depth), json);
        const problem = status === 207 ? answer.results[0].error : answer.error;
        expect(problem, `${path} ${depth}`).toMatchObject({ code: 'invalid-data' });
      }
    }
    expect(errors).toEqual([]);
  });

  it('LIM-1: does not wait for a body for ever', async () => {
    const { port } = await serve({ bodyTimeout: '50ms' });
    const request = send(port, '/v1/channels/news/messages', { 'content-length': '100' });
    request.write('{"data":');
    const [response] = await once(request, 'response');
    expect(response.statusCode).toBe(408);
    response.resume();
    request.destroy();
  });

  it('goes on serving after requests that were cut off', async () => {
    const { port, call, errors } = await serve();
    for (let i = 0; i < 5; i++) {
      const request = send(port, '/v1/channels/news/messages', { 'content-length': '100' });
      request.on('error', () => undefined);
      request.write('{"data":');
      request.flushHeaders();
      await once(request, 'socket');
      request.destroy();
      await new Promise((resolve) => request.on('close', resolve));
    }
    expect((await call('POST', '/v1/channels/news/messages', { data: 1 })).status).toBe(201);
    expect(errors).toEqual([]);
  });
});

function send(port: number, path: string, headers: Readonly<Record<string, string>>) {
  return httpRequest({
    port,
    host: '127.0.0.1',
    path,
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
  });
}

async function readAll(socket: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk.toString();
  return text;
}
