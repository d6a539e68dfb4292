import { MemoryStore } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { serve } from './testing/serve.js';

const board = '/v1/channels/board%2Fa';
const acme = `${board}/entries/ACME`;
const score = '/v1/channels/score%2Ffinal/value';

describe('entries', () => {
  it('MAP-2: are put, patched, read and deleted', async () => {
    const { call, memory } = await serve();
    const { epoch } = memory;
    const put = await call('PUT', acme, { data: { price: 1, size: 2 }, user: 'ada' });
    expect(put).toMatchObject({ status: 200, body: { epoch, offset: 1, duplicate: false, durability: 'memory' } });
    expect(put.headers.get('etag')).toBe('"1"');
    const patched = await call('PATCH', acme, { data: { price: 3, size: null } });
    expect(patched).toMatchObject({ status: 200, body: { offset: 2 } });
    const read = await call('GET', acme);
    expect(read.body).toEqual({ epoch, key: 'ACME', version: 2, time: expect.any(Number), data: { price: 3 } });
    expect(read.headers.get('etag')).toBe('"2"');
    expect(await call('DELETE', acme)).toMatchObject({ status: 200, body: { offset: 3, duplicate: false } });
    expect(await call('GET', acme)).toMatchObject({ status: 404, body: { error: { code: 'unknown-method' } } });
    expect(await call('DELETE', acme)).toMatchObject({ status: 200, body: { offset: 3, duplicate: true } });
  });

  it('WIRE-3: carry bytes as base64, and the user in whose name they are', async () => {
    const { call } = await serve();
    await call('PUT', acme, { bytes: 'AP8=', user: 'ada' });
    const { body } = await call('GET', acme);
    expect(body).toMatchObject({ bytes: 'AP8=', user: 'ada' });
    expect(body).not.toHaveProperty('data');
  });

  it('have any key that a path can name', async () => {
    const { call } = await serve();
    const keys = ['a/b', 'a b', '100%', 'é😀', '?#', '%2F', ' '];
    for (const [index, key] of keys.entries()) {
      const path = `${board}/entries/${encodeURIComponent(key)}`;
      expect((await call('PUT', path, { data: index })).status, key).toBe(200);
      expect((await call('GET', path)).body, key).toMatchObject({ key, data: index });
    }
    expect((await call('GET', `${board}/entries`)).body.entries).toHaveLength(keys.length);
    const broken = await call('PUT', `${board}/entries/%FF`, { data: 1 });
    expect(broken).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    const long = await call('PUT', `${board}/entries/${'x'.repeat(257)}`, { data: 1 });
    expect(long).toMatchObject({ status: 400, body: { error: { code: 'wrong-mode' } } });
  });

  it('MAP-3: are changed only as they are expected: 409 by a field, 412 by a header', async () => {
    const { call, engine } = await serve();
    expect((await call('PUT', acme, { data: 1, expect: 0 })).status).toBe(200);
    expect(await call('PUT', acme, { data: 2, expect: 0 })).toMatchObject({
      status: 409,
      body: { error: { code: 'conflict', message: expect.stringContaining('version 1') } },
    });
    const refused = [
      ['PUT', { 'if-none-match': '*' }],
      ['PUT', { 'if-match': '"7"' }],
      ['PATCH', { 'if-match': '"7"' }],
      ['DELETE', { 'if-match': '"7"' }],
    ] as const;
    for (const [method, headers] of refused) {
      const answer = await call(method, acme, method === 'DELETE' ? undefined : { data: 2 }, headers);
      expect(answer, method).toMatchObject({ status: 412, body: { error: { code: 'conflict' } } });
    }
    expect((await engine.entries('board/a')).ops).toMatchObject([{ offset: 1, payload: '1' }]);
    const etag = (await call('GET', acme)).headers.get('etag')!;
    expect(await call('PUT', acme, { data: 2 }, { 'if-match': etag })).toMatchObject({ body: { offset: 2 } });
    expect(await call('DELETE', acme, undefined, { 'if-match': '"2"' })).toMatchObject({ body: { offset: 3 } });
    expect((await call('PUT', acme, { data: 3 }, { 'if-none-match': '*' })).status).toBe(200);
  });

  it.each([
    ['conditions that contradict', { data: 1 }, { 'if-match': '"1"', 'if-none-match': '*' }],
    ['a condition that is not the expected one', { data: 1, expect: 2 }, { 'if-match': '"1"' }],
    ['any version', { data: 1 }, { 'if-match': '*' }],
    ['a weak version', { data: 1 }, { 'if-match': 'W/"1"' }],
    ['several versions', { data: 1 }, { 'if-match': '"1", "2"' }],
    ['a version that must not be there', { data: 1 }, { 'if-none-match': '"1"' }],
    ['an expect below 0', { data: 1, expect: -1 }, {}],
    ['an expect that is no number', { data: 1, expect: '1' }, {}],
    ['no time', { data: 1, ttlMs: 0 }, {}],
    ['half a millisecond', { data: 1, ttlMs: 0.5 }, {}],
    ['no data', {}, {}],
  ])('refuse %s', async (_, body, headers: Record<string, string>) => {
    const { call, engine } = await serve();
    const answer = await call('PUT', acme, body, headers);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    expect(engine.stats.published).toBe(0);
  });

  it('PUB-3: are changed once for an id, whatever was asked', async () => {
    const { call } = await serve();
    await call('PUT', acme, { data: 1, id: 'a' });
    const again = await call('PUT', acme, { data: 1 }, { 'idempotency-key': 'a' });
    expect(again).toMatchObject({ status: 200, body: { offset: 1, duplicate: true } });
    expect(again.headers.get('etag')).toBeNull();
    const removed = await call('DELETE', acme, undefined, { 'idempotency-key': 'b' });
    expect(removed).toMatchObject({ body: { offset: 2, duplicate: false } });
    await call('PUT', `${board}/entries/other`, { data: 1 });
    const removedAgain = await call('DELETE', acme, undefined, { 'idempotency-key': 'b' });
    expect(removedAgain).toMatchObject({ body: { offset: 2, duplicate: true } });
  });

  it('PUB-4: refuse a retry when another change may have made the first forgotten', async () => {
    const { call } = await serve();
    await call('PUT', acme, { data: 1, id: 'a' });
    await call('PUT', acme, { data: 2 });
    const late = await call('PUT', acme, { data: 1, id: 'a', retry: true });
    expect(late).toMatchObject({ status: 409, body: { error: { code: 'too-old' } } });
    expect((await call('GET', acme)).body).toMatchObject({ data: 2 });
  });

  it('MAP-4: expire when they are told to', async () => {
    const { call, memory } = await serve();
    await call('PUT', acme, { data: 1, ttlMs: 1, user: 'ada' });
    await expect.poll(() => (memory.expire(), call('GET', acme))).toMatchObject({ status: 404 });
    expect(memory.read('board/a', { after: 1, limit: 9 }).ops).toMatchObject([{ key: 'ACME', kind: 'expire' }]);
  });

  it('PUB-5: fit the schema, patched ones too', async () => {
    const { call } = await serve();
    const path = '/v1/channels/notes%2Fa/entries/1';
    expect(await call('PUT', path, { data: { text: 5 } })).toMatchObject({ status: 422 });
    await call('PUT', path, { data: { text: 'hi' } });
    const patched = await call('PATCH', path, { data: { text: null } });
    expect(patched).toMatchObject({ status: 422, body: { error: { code: 'invalid-data' } } });
    expect((await call('GET', path)).body.data).toEqual({ text: 'hi' });
  });

  it('DELETE says in whose name', async () => {
    const { call, memory } = await serve();
    await call('PUT', acme, { data: 1 });
    await call('DELETE', `${acme}?user=ada`);
    expect(memory.read('board/a', { after: 0, limit: 9 }).ops).toMatchObject([{ kind: 'delete', user: 'ada' }]);
  });
});

describe('pages of entries', () => {
  it('go through all keys in their order, and say when there are more', async () => {
    const { call, memory, engine } = await serve();
    for (const key of ['b', 'é', 'a', 'Z', 'c']) await engine.change('board/a', { key, data: key });
    const page = async (query: string) => (await call('GET', `${board}/entries${query}`)).body;
    const keys = async (query: string) => (await page(query)).entries.map(({ key }: { key: string }) => key);
    expect(await keys('')).toEqual(['Z', 'a', 'b', 'c', 'é']);
    expect(await page('?limit=2')).toMatchObject({ epoch: memory.epoch, top: 5, next: 'a' });
    expect(await keys('?limit=2&after=a')).toEqual(['b', 'c']);
    expect(await keys(`?limit=2&after=c`)).toEqual(['é']);
    for (const query of ['', '?limit=2&after=c']) expect(await page(query)).not.toHaveProperty('next');
    expect(await keys('?after=zzz')).toEqual(['é']);
    expect(await keys('?after=%F0%9F%98%80')).toEqual([]);
    for (const query of ['?limit=0', '?limit=1001', `?after=${'x'.repeat(257)}`]) {
      expect((await call('GET', `${board}/entries${query}`)).status, query).toBe(400);
    }
  });

  it('have what fits in an answer, and every entry once', async () => {
    const { call, engine } = await serve();
    const big = 'x'.repeat(60_000);
    for (let i = 10; i < 50; i++) await engine.change('board/a', { key: `${i}`, data: big });
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const { body } = await call('GET', `${board}/entries?after=${after}`);
      expect(body.entries.length).toBeLessThan(20);
      seen.push(...body.entries.map(({ key }: { key: string }) => key));
      after = body.next;
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, i) => `${i + 10}`));
  });
});

describe('a value', () => {
  it('is set, patched, read and cleared', async () => {
    const { call, memory } = await serve();
    expect((await call('GET', score)).status).toBe(404);
    await call('PUT', score, { data: { home: 0, away: 0 } });
    await call('PATCH', score, { data: { home: 1 } });
    const { body, headers } = await call('GET', score);
    expect(body).toEqual({ epoch: memory.epoch, version: 2, time: expect.any(Number), data: { home: 1, away: 0 } });
    expect(headers.get('etag')).toBe('"2"');
    expect((await call('DELETE', score)).status).toBe(200);
    expect((await call('GET', score)).status).toBe(404);
  });
});

describe('MAP-1: what does not fit the mode of a channel', () => {
  it.each([
    ['GET', '/v1/channels/news/entries'],
    ['GET', '/v1/channels/news/entries/a'],
    ['GET', '/v1/channels/news/value'],
    ['GET', `${board}/value`],
    ['GET', `${board}/messages`],
    ['GET', '/v1/channels/score%2Ffinal/entries'],
    ['GET', '/v1/channels/score%2Ffinal/entries/a'],
    ['PUT', '/v1/channels/news/entries/a'],
    ['PUT', '/v1/channels/score%2Ffinal/entries/a'],
    ['PATCH', `${board}/value`],
    ['DELETE', `${board}/value`],
    ['POST', `${board}/messages`],
  ])('is refused: %s %s', async (method, path) => {
    const { call } = await serve();
    const answer = await call(method, path, method === 'GET' || method === 'DELETE' ? undefined : { data: 1 });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'wrong-mode' } } });
  });

  it("PRES-4: so is writing to Longwave's own", async () => {
    const { call } = await serve();
    const answer = await call('PUT', '/v1/channels/%40presence%2Fboard%2Fa/entries/x', { data: 1 });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
  });
});

class BrokenStore extends MemoryStore {
  override read(): never {
    throw new Error('secret path');
  }
}

it('ERR-1: what a store says in failing to read state stays inside', async () => {
  const { call, errors } = await serve({}, BrokenStore);
  for (const path of [acme, `${board}/entries`, score]) {
    const { status, body, headers } = await call('GET', path);
    // As for publishing: a store that is away may come back.
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(JSON.stringify(body)).not.toContain('secret');
  }
  expect(errors).toHaveLength(1);
});
