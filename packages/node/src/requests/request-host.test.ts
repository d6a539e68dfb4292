import type { ConnectionInfo } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import {
  connectFrame,
  expectIdle,
  operationsOf,
  post,
  publishFrame,
  routes,
  startNode,
  subscribeFrame,
} from '../testing/requests.js';

describe.each(['json', 'binary'] as const)('longwave over requests, %s', (codec) => {
  it('a stream tells where it stands and then all that is published, for as long as it is read', async () => {
    const { server, url } = await startNode();
    await server.channel('chat/a').publish('before');
    const stream = await post(url, 'stream', [connectFrame(), subscribeFrame({ last: 1 })], { codec });
    expect(stream.response.status).toBe(200);
    expect(stream.response.headers.get('content-type')).toBe(
      codec === 'json' ? 'text/event-stream; charset=utf-8' : 'application/octet-stream',
    );
    expect(stream.response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(stream.response.headers.get('x-accel-buffering')).toBe('no');
    const count = (n: number) => stream.until((frames) => operationsOf(frames).length >= n);
    await count(1);
    await server.channel('chat/a').publish({ text: 'é😀\n\ndata: x' });
    await count(2);
    await server.channel('chat/a').publish(Uint8Array.of(0, 10, 255));
    await count(3);
    expect(stream.frames.slice(0, 2)).toMatchObject([
      { type: 'connected', messageBytes: 65_536, heartbeatMs: 10_000 },
      { type: 'subscribed', id: 1, channel: 'chat/a', offset: 0, top: 1 },
    ]);
    expect(operationsOf(stream.frames)).toEqual([
      { offset: 1, data: 'before' },
      { offset: 2, data: { text: 'é😀\n\ndata: x' } },
      { offset: 3, data: Uint8Array.of(0, 10, 255) },
    ]);
  });

  it('a poll is held until something is published, and has its length', async () => {
    const { server, url } = await startNode();
    const { epoch } = (await server.channel('chat/a').publish('before')).position;
    const asked = post(url, 'poll', [connectFrame(), subscribeFrame({ epoch, offset: 1, again: true })], { codec });
    // Held: the subscription stands, and no head of a response is there.
    await expect.poll(() => server.engine.stats.subscriptions).toBe(1);
    expect(await Promise.race([asked, new Promise((resolve) => setImmediate(resolve, 'held'))])).toBe('held');
    await server.channel('chat/a').publish('news');
    const poll = await asked;
    expect(Number(poll.response.headers.get('content-length'))).toBeGreaterThan(0);
    const frames = await poll.whole();
    expect(frames.map(({ type }) => type)).toEqual(['connected', 'subscribed', 'message']);
    expect(operationsOf(frames)).toEqual([{ offset: 2, data: 'news' }]);
    await expectIdle(server);
  });

  it('a send is answered and ends with the last answer', async () => {
    const { server, url } = await startNode();
    const send = await post(
      url,
      'send',
      [
        connectFrame(),
        publishFrame(1, 'one'),
        { type: 'call', id: 7, method: 'echo', data: { deep: [1] } },
        { type: 'call', id: 8, method: 'nothing', data: 1 },
        { type: 'history', id: 9, channel: 'chat/a', limit: 10 },
      ],
      { codec },
    );
    const frames = await send.whole();
    expect(frames[0]!.type).toBe('connected');
    expect(frames.slice(1).sort((a, b) => Number('id' in a && a.id) - Number('id' in b && b.id))).toMatchObject([
      { type: 'ack', id: 1, offset: 1, durability: 'memory' },
      { type: 'reply', id: 7, data: { deep: [1] } },
      { type: 'error', id: 8, code: 'unknown-method' },
      { type: 'page', id: 9, offset: 1, top: 1, ops: [{ data: 'one' }] },
    ]);
    await expectIdle(server);
  });
});

describe('who asks', () => {
  it.each(routes)(
    'authenticate of a %s gets the token of the body, and headers that hold it nowhere',
    async (route) => {
      const seen: { token: string | undefined; info: ConnectionInfo }[] = [];
      const { url } = await startNode({
        authenticate: (token, info) => {
          seen.push({ token, info });
          return { user: 'ada' };
        },
      });
      const headers = { cookie: 'session=1', 'x-forwarded-for': '10.0.0.1' };
      const frames = [connectFrame('c', { token: 'secret' })];
      const answer = await post(url, route, frames, { headers, query: '&now=1' });
      expect((await answer.untilType('connected'))[0]).toMatchObject({ type: 'connected', user: 'ada' });
      expect(seen).toHaveLength(1);
      const [{ token, info }] = seen as [(typeof seen)[0]];
      expect(token).toBe('secret');
      expect(info).toMatchObject({ transport: route, remoteAddress: '127.0.0.1', headers });
      expect(JSON.stringify(info)).not.toContain('secret');
    },
  );

  it.each(routes)('SES-3: a %s that is refused says why and ends; nothing behind connect is handled', async (route) => {
    const { server, url } = await startNode({
      authenticate: (token) => {
        throw new LongwaveError('unauthenticated', `Not ${token ?? 'without a token'}.`);
      },
    });
    const answer = await post(url, route, [connectFrame(), subscribeFrame(), publishFrame(1, 'x')]);
    expect(answer.response.status).toBe(200);
    expect(await answer.whole()).toMatchObject([
      { type: 'error', code: 'unauthenticated', message: 'Not without a token.' },
    ]);
    expect(await server.channel('chat/a').history()).toMatchObject({ top: 0 });
    await expectIdle(server);
  });

  it.each(routes)('SES-1: a %s whose body does not begin with connect is refused', async (route) => {
    const { server, url } = await startNode();
    const answer = await post(url, route, [publishFrame(1, 'x')]);
    expect((await answer.whole()).at(-1)).toMatchObject({ type: 'error', code: 'bad-frame' });
    await expectIdle(server);
  });

  it('a token in the query is not looked at', async () => {
    const tokens: unknown[] = [];
    const { url } = await startNode({ authenticate: (token) => (tokens.push(token), {}) });
    await (await post(url, 'send', [connectFrame()], { query: '&token=leaked' })).whole();
    expect(tokens).toEqual([undefined]);
  });
});

describe('where', () => {
  it('requests go below `path`, and nowhere else', async () => {
    const { url, port } = await startNode({ path: '/app/live' });
    const answer = await post(url, 'send', [connectFrame()]);
    expect(await answer.whole()).toMatchObject([{ type: 'connected' }]);
    for (const path of ['/longwave/send', '/app/live/', '/app/live/sends', '/app/livelier/send']) {
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' });
      expect([path, status]).toEqual([path, 404]);
    }
  });
});
