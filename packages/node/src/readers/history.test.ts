import { afterEach, describe, expect, it } from 'vitest';
import { LongwaveError, defineChannels, log } from '@longwave/protocol';
import { type Server, createServer } from '../server/create-server.js';
import type { ServerOptions } from '../server/server-options.js';

const channels = defineChannels({ 'chat/:room': log({ retain: { maxCount: 250 } }) });
const lobby = '/v1/channels/chat%2Flobby/history';
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

interface Page {
  readonly first: number;
  readonly complete: boolean;
  readonly links: Record<string, string>;
  readonly messages: readonly { readonly offset: number; readonly data: unknown }[];
}

async function start(options: Partial<ServerOptions<typeof channels>> = {}) {
  const server = createServer({ channels, logger: { error: () => undefined, info: () => undefined }, ...options });
  open.push(server);
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const origin = `http://127.0.0.1:${port}`;
  const { epoch } = await server.channel('chat/lobby').history();
  const request = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${origin}${path}`, { headers, method });
  const page = async (first: number): Promise<Page> => (await request(`${lobby}/${epoch}/${first}`)).json() as never;
  return { server, origin, epoch, request, page };
}

async function publish(server: Server<typeof channels>, count: number, data: unknown = 1): Promise<void> {
  for (let n = 0; n < count; n++) await server.channel('chat/lobby').publish(data);
}

const offsets = ({ messages }: Page): number[] => messages.map(({ offset }) => offset);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const caching = ({ headers }: Response) => headers.get('cache-control');

describe('the history of a channel, in pages', () => {
  it('READ-8: begins with what is retained, and links', async () => {
    const { server, origin, epoch, request } = await start();
    expect(await (await request(lobby)).json()).toEqual({
      epoch,
      floor: 0,
      top: 0,
      pageSize: 100,
      links: { oldest: `history/${epoch}/1`, newest: `history/${epoch}/1`, events: `events?from=${epoch}%3A0` },
    });
    await publish(server, 401);
    const bounds = (await (await request(lobby)).json()) as { links: Record<string, string> };
    expect(bounds).toMatchObject({ floor: 151, top: 401, links: { oldest: `history/${epoch}/101` } });
    // Relative links lead on from wherever the document was found.
    const newest = await fetch(new URL(bounds.links['newest']!, `${origin}${lobby}`));
    expect(await newest.json()).toMatchObject({ first: 401, messages: [{ offset: 401 }] });
    const events = await fetch(new URL(bounds.links['events']!, `${origin}${lobby}`));
    expect(events.headers.get('content-type')).toContain('text/event-stream');
    await events.body!.cancel();
  });

  it('READ-9: is read from one end to the other by its links', async () => {
    const { server, epoch, page } = await start();
    await publish(server, 230);
    const seen: number[] = [];
    for (let first: number | undefined = 1; first;) {
      const { complete, links, messages }: Page = await page(first);
      seen.push(...messages.map(({ offset }) => offset));
      expect(complete).toBe(first < 201);
      first = links['next'] ? Number(links['next']) : undefined;
    }
    expect(seen).toEqual(range(1, 230));
    expect(await page(201)).toMatchObject({ epoch, first: 201, links: { previous: '101' } });
    await publish(server, 70);
    expect(await page(301)).toEqual({ epoch, first: 301, complete: false, links: { previous: '201' }, messages: [] });
  });

  it('READ-9: has what is left of a page, and none that is trimmed, foreign, to come or beside the raster', async () => {
    const { server, epoch, request, page } = await start();
    await publish(server, 400);
    expect(offsets(await page(101))).toEqual(range(151, 200));
    expect((await page(101)).complete).toBe(false);
    for (const [path, status, code] of [
      [`${epoch}/1`, 410, 'trimmed'],
      [`elsewhere/301`, 410, 'epoch-changed'],
      [`${epoch}/501`, 404, 'unknown-method'],
      [`${epoch}/300`, 404, 'unknown-method'],
      [`${epoch}/0`, 404, 'unknown-method'],
      [`${epoch}/x`, 404, 'unknown-method'],
      [`${epoch}/${'9'.repeat(30)}1`, 404, 'unknown-method'],
      [`%zz/1`, 410, 'epoch-changed'],
    ] as const) {
      const response = await request(`${lobby}/${path}`);
      expect([path, response.status, caching(response)]).toEqual([path, status, 'no-store']);
      expect(await response.json()).toMatchObject({ error: { code } });
    }
    expect((await request('/v1/channels/nowhere/history')).status).toBe(404);
  });

  it('READ-9: tells messages as the HTTP API does, however large they are', async () => {
    const { server, page } = await start();
    await server.channel('chat/lobby').publish({ a: 'é' }, { id: 'm', user: 'ada' });
    await server.channel('chat/lobby').publish(Uint8Array.of(255));
    await publish(server, 98, 'x'.repeat(60_000));
    const { messages, complete } = await page(1);
    expect(complete).toBe(true);
    expect(messages.slice(0, 2)).toEqual([
      { offset: 1, time: expect.any(Number), id: 'm', user: 'ada', data: { a: 'é' } },
      { offset: 2, time: expect.any(Number), bytes: '/w==' },
    ]);
    expect(offsets({ messages } as Page)).toEqual(range(1, 100));
  });

  it('READ-10: may be kept for ever where it is complete, and a second where not', async () => {
    const { server, epoch, request } = await start();
    await publish(server, 150);
    const complete = await request(`${lobby}/${epoch}/1`);
    expect(caching(complete)).toBe('public, max-age=31536000, immutable');
    for (const path of [lobby, `${lobby}/${epoch}/101`]) {
      const response = await request(path);
      expect(caching(response)).toBe('public, max-age=1');
      const etag = response.headers.get('etag')!;
      expect(etag).toMatch(/^"[^"]+"$/);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const same = await request(path, { 'if-none-match': known });
        expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
      }
      await publish(server, 1);
      const changed = await request(path, { 'if-none-match': etag });
      expect(changed.status).toBe(200);
      expect(changed.headers.get('etag')).not.toBe(etag);
    }
    // A complete page stays what it is, whatever comes behind it.
    const later = await request(`${lobby}/${epoch}/1`, { 'if-none-match': complete.headers.get('etag')! });
    expect(later.status).toBe(304);
    const head = await request(`${lobby}/${epoch}/1`, {}, 'HEAD');
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, complete.headers.get('etag'), '']);
  });

  it('RED-6: of a redactable log no page may be kept, and its tag changes with each redaction', async () => {
    const server = createServer({ channels: defineChannels({ 'chat/:room': log({ redactable: true }) }) });
    open.push(server);
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    const chat = server.channel('chat/lobby');
    for (let n = 1; n <= 100; n++) await chat.publish(n);
    const { epoch } = await chat.history();
    const url = `http://127.0.0.1:${port}${lobby}/${epoch}/1`;
    let tag = '';
    for (const offset of [3, 70]) {
      const before = await fetch(url, { headers: { 'if-none-match': tag } });
      expect([before.status, caching(before)]).toEqual([200, 'public, max-age=1']);
      tag = before.headers.get('etag')!;
      expect((await fetch(url, { headers: { 'if-none-match': tag } })).status).toBe(304);
      await chat.redact({ epoch, offset });
    }
    const after = await fetch(url, { headers: { 'if-none-match': tag } });
    expect(after.status).toBe(200);
    const { complete, messages } = (await after.json()) as Page;
    expect(complete).toBe(true);
    const time = expect.any(Number) as number;
    expect([messages[2], messages[69]]).toEqual([
      { offset: 3, time, redacted: true },
      { offset: 70, time, redacted: true },
    ]);
    const rest = (await (await fetch(url.replace(/1$/, '101'))).json()) as Page;
    expect(rest.messages).toEqual([
      { offset: 101, time, redact: { offset: 3 } },
      { offset: 102, time, redact: { offset: 70 } },
    ]);
  });

  it.each([
    ['a token', { authorization: 'Bearer ada' }],
    ['a cookie', { cookie: 'session=1' }],
  ])('READ-10: is for the asker alone behind %s', async (_, headers: Record<string, string>) => {
    const { server, epoch, request } = await start({
      authenticate: (_token, info) => ({ user: info.headers['x-user'] as string | undefined }),
    });
    await publish(server, 100);
    const response = await request(`${lobby}/${epoch}/1`, headers);
    expect(caching(response)).toBe('private, max-age=31536000, immutable');
    expect(response.headers.get('vary')).toContain('Authorization, Cookie');
    expect(caching(await request(lobby, headers))).toBe('private, max-age=1');
  });

  it.each([
    ['a header of its own', { 'x-api-key': 'ada' }],
    ['its address', {}],
  ])('READ-12: is for the asker alone, and asked for anew, where it was let in by %s', async (_, headers) => {
    const { server, epoch, request } = await start({ authenticate: () => ({}) });
    await publish(server, 100);
    for (const path of [lobby, `${lobby}/${epoch}/1`]) {
      expect(caching(await request(path, headers))).toBe('private, no-cache');
    }
    const hooked = await start({ on: { connect: () => undefined } });
    expect(caching(await hooked.request(lobby, headers))).toBe('private, no-cache');
  });

  it('READ-12: is for all where the application says that nothing else is looked at', async () => {
    const { server, epoch, request } = await start({
      publicHistory: true,
      authenticate: (token) => ({ user: token }),
    });
    await publish(server, 100);
    expect(caching(await request(`${lobby}/${epoch}/1`))).toBe('public, max-age=31536000, immutable');
    expect(caching(await request(lobby, { authorization: 'Bearer ada' }))).toBe('private, max-age=1');
  });

  it('READ-5: asks for the right to history, and tells nothing without', async () => {
    const asked: unknown[] = [];
    const { server, epoch, request } = await start({
      authenticate(token) {
        if (token === undefined) throw new LongwaveError('unauthenticated');
        return { user: token };
      },
      authorize({ user, action, channel }) {
        asked.push([user, action, channel]);
        return user === 'ada';
      },
      on: {
        connect: ({ user }) => void asked.push(['connect', user]),
        disconnect: ({ user }) => void asked.push(['disconnect', user]),
      },
    });
    await publish(server, 100);
    const path = `${lobby}/${epoch}/1`;
    const known = { 'if-none-match': '*' };
    expect((await request(path, known)).status).toBe(401);
    expect((await request(path, { ...known, authorization: 'Bearer eve' })).status).toBe(403);
    expect((await request(path, { origin: 'https://evil.example', authorization: 'Bearer ada' })).status).toBe(403);
    asked.length = 0;
    expect((await request(path, { authorization: 'Bearer ada' })).status).toBe(200);
    expect(asked).toEqual([
      ['connect', 'ada'],
      ['ada', 'history', 'chat/lobby'],
      ['disconnect', 'ada'],
    ]);
  });

  it('READ-5: does not tell what went wrong inside', async () => {
    const { request } = await start({
      authorize: () => {
        throw new Error('secret');
      },
    });
    const response = await request(lobby);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });

  it('LIM-3: is refused beyond the rate of an address, and says when', async () => {
    const { request } = await start({ limits: { addressConnectsPerSecond: 0.1, addressConnectBurst: 1 } });
    expect((await request(lobby)).status).toBe(200);
    const refused = await request(lobby);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
