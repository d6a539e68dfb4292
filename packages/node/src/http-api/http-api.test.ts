import { MemoryStore } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { serve } from './testing/serve.js';

describe('publishing', () => {
  it('PUB-1: answers where the message is stored and what it survives', async () => {
    const { call, memory, engine } = await serve();
    const { status, body } = await call('POST', '/v1/channels/chat%2Flobby/messages', { data: { text: 'hi' } });
    expect(status).toBe(201);
    expect(body).toEqual({ epoch: memory.epoch, offset: 1, duplicate: false, durability: 'memory' });
    const { ops } = await engine.history('chat/lobby');
    expect(ops.map(({ payload }) => payload)).toEqual(['{"text":"hi"}']);
  });

  it('PUB-3: stores an id once, in the body or as Idempotency-Key, and refuses two that differ', async () => {
    const { call } = await serve();
    const path = '/v1/channels/news/messages';
    expect(await call('POST', path, { data: 1, id: 'a' })).toMatchObject({ status: 201, body: { offset: 1 } });
    const again = await call('POST', path, { data: 1 }, { 'idempotency-key': 'a' });
    expect(again).toMatchObject({ status: 200, body: { offset: 1, duplicate: true } });
    const both = await call('POST', path, { data: 1, id: 'a' }, { 'idempotency-key': 'a' });
    expect(both).toMatchObject({ status: 200, body: { duplicate: true } });
    const conflict = await call('POST', path, { data: 1, id: 'a' }, { 'idempotency-key': 'b' });
    expect(conflict).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    const asAda = await call('POST', path, { data: 1, id: 'a', user: 'ada' });
    expect(asAda).toMatchObject({ status: 201, body: { offset: 2 } });
  });

  it('RED-1: takes the data of a message, once', async () => {
    const { call, memory } = await serve();
    const path = '/v1/channels/open%2Fa/messages';
    await call('POST', path, { data: 'secret', user: 'ada' });
    const redact = (query = '') => call('DELETE', `${path}/1${query}`, undefined, { 'idempotency-key': 'r1' });
    const { status, body } = await redact('?reason=spam&user=mod');
    expect([status, body]).toEqual([200, { epoch: memory.epoch, offset: 2, duplicate: false, durability: 'memory' }]);
    expect((await redact()).body).toMatchObject({ duplicate: true });
    expect((await call('DELETE', '/v1/channel/messages/1?channel=open/a')).body).toMatchObject({ duplicate: true });
    const time = expect.any(Number) as number;
    expect((await call('GET', path)).body.messages).toEqual([
      { offset: 1, time, user: 'ada', redacted: true },
      { offset: 2, time, id: 'r1', user: 'mod', redact: { offset: 1, reason: 'spam' } },
    ]);
  });

  it('PUB-4: refuses a retry that is too old to tell, and one without an id', async () => {
    const { call } = await serve();
    const path = '/v1/channels/news/messages';
    const messages = Array.from({ length: 1000 }, (_, data) => ({ channel: 'news', data, id: `${data}` }));
    await call('POST', '/v1/messages', { messages });
    await call('POST', path, { data: 1000, id: '1000' });
    expect(await call('POST', path, { data: 0, id: '0', retry: true })).toMatchObject({
      status: 409,
      body: { error: { code: 'too-old' } },
    });
    expect(await call('POST', path, { data: 0, retry: true })).toMatchObject({ status: 400 });
  });

  it('PUB-5: says what the schema refuses', async () => {
    const { call } = await serve();
    const { status, body } = await call('POST', '/v1/channels/chat%2Flobby/messages', { data: { text: 5 } });
    expect(status).toBe(422);
    expect(body.error.code).toBe('invalid-data');
    expect(body.error.message).toContain('text');
  });

  it('WIRE-3: takes bytes as base64 and gives them back', async () => {
    const { call } = await serve();
    await call('POST', '/v1/channels/raw/messages', { bytes: 'AP8=' });
    const { body } = await call('GET', '/v1/channels/raw/messages');
    expect(body.messages).toMatchObject([{ offset: 1, bytes: 'AP8=' }]);
    expect(body.messages[0]).not.toHaveProperty('data');
  });

  it.each([
    ['no data', {}],
    ['data and bytes', { data: 1, bytes: 'AA==' }],
    ['bytes that are not base64', { bytes: 'A' }],
    ['an empty id', { data: 1, id: '' }],
    ['a long id', { data: 1, id: 'x'.repeat(129) }],
    ['a user that is no text', { data: 1, user: 7 }],
    ['a retry that is no flag', { data: 1, id: 'a', retry: 'yes' }],
    ['an array', [1]],
    ['broken JSON', '{"data":'],
  ])('refuses %s', async (_, body) => {
    const { call, engine } = await serve();
    const answer = await call('POST', '/v1/channels/news/messages', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    expect(engine.stats.published).toBe(0);
  });

  it('CH-3: knows no channel without a definition, nor another name of an inbox or of the probe', async () => {
    const { call, engine } = await serve();
    for (const name of ['a%2Fb%2Fc', '@ada', '%24probe%2Fx', `%24probe%2F${engine.node}`, 'a%20b']) {
      const answer = await call('POST', `/v1/channels/${name}/messages`, { data: 1 });
      expect(answer, name).toMatchObject({ status: 404, body: { error: { code: 'unknown-channel' } } });
    }
  });

  it('reads a percent sign in a name as it is encoded', async () => {
    const { call } = await serve();
    expect(await call('POST', '/v1/channels/caf%C3%A9/messages', { data: 1 })).toMatchObject({ status: 201 });
    expect(await call('GET', '/v1/channels/café/messages')).toMatchObject({ body: { top: 1 } });
    expect(await call('POST', '/v1/channels/a%252Fb/messages', { data: 1 })).toMatchObject({ status: 404 });
    expect((await call('POST', '/v1/channels/%FF/messages', { data: 1 })).status).toBe(400);
  });
});

describe('batches', () => {
  it('PUB-6: keeps the order of each channel and tells of each message', async () => {
    const { call, engine, memory } = await serve();
    const { epoch } = memory;
    const messages = [
      { channel: 'news', data: 1, id: 'x' },
      { channel: 'chat/lobby', data: { text: 3 } },
      { channel: 'news', data: 2 },
      { channel: 'news', data: 1, id: 'x' },
      { channel: 'a/b/c', data: 2 },
    ];
    const { status, body } = await call('POST', '/v1/messages', { messages });
    expect(status).toBe(207);
    expect(body).toMatchObject({ stored: 3, failed: 2, durability: 'memory' });
    expect(body.results).toMatchObject([
      { status: 'stored', epoch, offset: 1, duplicate: false },
      { status: 'failed', error: { code: 'invalid-data' } },
      { status: 'stored', epoch, offset: 2, duplicate: false },
      { status: 'stored', epoch, offset: 1, duplicate: true },
      { status: 'failed', error: { code: 'unknown-channel' } },
    ]);
    expect((await engine.history('news')).ops.map(({ payload }) => payload)).toEqual(['1', '2']);
  });

  it('answers 200 when all are stored', async () => {
    const { call } = await serve();
    const messages = Array.from({ length: 1000 }, (_, data) => ({ channel: 'news', data }));
    expect(await call('POST', '/v1/messages', { messages })).toMatchObject({ status: 200, body: { stored: 1000 } });
  });

  it('LIM-1: refuses too many, and stores nothing of a batch with a malformed message', async () => {
    const { call, engine } = await serve();
    const messages = Array.from({ length: 1001 }, (_, data) => ({ channel: 'news', data }));
    expect(await call('POST', '/v1/messages', { messages })).toMatchObject({
      status: 400,
      body: { error: { code: 'too-many' } },
    });
    const broken = [{ channel: 'news', data: 1 }, { channel: 'news' }];
    const answer = await call('POST', '/v1/messages', { messages: broken });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'bad-frame' } } });
    expect(answer.body.error.message).toContain('messages[1]');
    expect(engine.stats.published).toBe(0);
  });

  it("ERR-1: what a store says in failing stays inside, in a message's result too", async () => {
    const { call, errors } = await serve({}, BrokenStore);
    const single = await call('POST', '/v1/channels/news/messages', { data: 1 });
    expect(single.status).toBe(503);
    const batch = await call('POST', '/v1/messages', { messages: [{ channel: 'news', data: 1 }] });
    expect(batch.body.results).toMatchObject([{ status: 'failed', error: { code: 'unavailable' } }]);
    expect(JSON.stringify([single.body, batch.body])).not.toContain('secret');
    // One line for the cause, however many requests it fails.
    expect(errors).toHaveLength(1);
  });
});

class BrokenStore extends MemoryStore {
  override append(): never {
    throw new Error('secret path');
  }
}

describe('history', () => {
  it('HIS-1: pages forwards and backwards, and refuses a query that makes no sense', async () => {
    const { call, engine, memory } = await serve();
    for (let i = 1; i <= 5; i++) await engine.publish('news', i, i === 5 ? { id: 'five', user: 'ada' } : {});
    const offsets = async (query: string) =>
      (await call('GET', `/v1/channels/news/messages${query}`)).body.messages.map((m: { offset: number }) => m.offset);
    expect(await offsets('')).toEqual([1, 2, 3, 4, 5]);
    expect(await offsets('?limit=2')).toEqual([4, 5]);
    expect(await offsets('?limit=2&before=4')).toEqual([2, 3]);
    expect(await offsets('?limit=2&after=0')).toEqual([1, 2]);
    const { body } = await call('GET', '/v1/channels/news/messages?limit=1');
    expect(body).toMatchObject({ epoch: memory.epoch, floor: 0, top: 5 });
    expect(body.messages).toMatchObject([{ offset: 5, id: 'five', user: 'ada', data: 5 }]);
    for (const query of ['?limit=0', '?limit=1001', '?limit=x', '?after=-1', '?after=1&before=2', '?before=0']) {
      expect((await call('GET', `/v1/channels/news/messages${query}`)).status, query).toBe(400);
    }
  });

  it('HIS-3: gives messages by time', async () => {
    const { call, engine } = await serve();
    for (let i = 1; i <= 3; i++) await engine.publish('news', i);
    const get = async (query: string) => call('GET', `/v1/channels/news/messages${query}`);
    const [first] = (await get('')).body.messages;
    const count = async (query: string) => (await get(query)).body.messages.length;
    expect(await count(`?since=${first.time}`)).toBe(3);
    expect(await count(`?since=${first.time + 3_600_000}`)).toBe(0);
    expect(await count(`?until=${first.time}`)).toBe(0);
    expect(await count(`?until=${first.time + 3_600_000}&limit=2`)).toBe(2);
    expect((await get('?since=yesterday')).status).toBe(400);
  });

  it('gives what fits in an answer and stays contiguous', async () => {
    const { call, engine } = await serve();
    const big = 'x'.repeat(60_000);
    for (let i = 0; i < 40; i++) await engine.publish('news', big);
    const forward = (await call('GET', '/v1/channels/news/messages?after=0&limit=1000')).body.messages;
    expect(forward[0].offset).toBe(1);
    expect(forward.length).toBeLessThan(20);
    const backward = (await call('GET', '/v1/channels/news/messages?limit=1000')).body.messages;
    expect(backward.at(-1).offset).toBe(40);
    expect(backward[0].offset).toBe(40 - backward.length + 1);
  });
});

describe('users', () => {
  it('CH-4: publishes to the inbox of a user', async () => {
    const { call, memory } = await serve();
    const answer = await call('POST', '/v1/users/ada%2Flovelace/messages', { data: 'psst', id: '1' });
    expect(answer).toMatchObject({ status: 201, body: { offset: 1 } });
    expect(memory.read('@me/ada/lovelace', { limit: 1 }).ops).toMatchObject([{ payload: '"psst"', id: 's:1' }]);
  });
});
