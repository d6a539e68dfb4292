import type { StoredPage } from '@longwave/core';
import { type RedisServer, startRedis } from '@longwave/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { wide } from './testing/retrying.js';

let server: RedisServer;
let store: RedisStore;
let prefix: string;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  prefix = `test-${++count}:`;
  store = redis({ url: server.url, prefix, shards: 1 });
  await store.ready();
});
afterEach(() => store.close());

const bounds = { keys: 100_000, bytes: 1e8, removals: 1000 };
const offsets = (ops: readonly { readonly offset: number }[]) => ops.map(({ offset }) => offset);

/** To the channel `a`, as many at once as a busy machine stores in time. */
async function appendMany(total: number): Promise<void> {
  for (let from = 0; from < total; from += 500) {
    await Promise.all(Array.from({ length: 500 }, (_, i) => store.append('a', { payload: `${from + i}` }, wide)));
  }
}

describe('pages', () => {
  it('of a log are bounded in bytes: what was asked for first comes, contiguous', async () => {
    const payload = 'x'.repeat(100_000);
    await Promise.all(Array.from({ length: 40 }, () => store.append('a', { payload }, wide)));
    const forward = offsets((await store.read('a', { after: 10, limit: 500 })).ops);
    expect(forward.length).toBeGreaterThan(5);
    expect(forward.length).toBeLessThan(12);
    expect(forward).toEqual(forward.map((_, i) => 11 + i));
    const backward = offsets((await store.read('a', { before: 31, limit: 500 })).ops);
    expect(backward.length).toBe(forward.length);
    expect(backward).toEqual(backward.map((_, i) => 31 - backward.length + i));
    expect(offsets((await store.read('a', { limit: 3 })).ops)).toEqual([38, 39, 40]);
  });

  it('hold one operation at least, however large', async () => {
    const payload = 'x'.repeat(2_000_000);
    await store.append('a', { payload }, wide);
    await store.append('a', { payload }, wide);
    expect(offsets((await store.read('a', { after: 0, limit: 5 })).ops)).toEqual([1]);
    expect(offsets((await store.read('a', { limit: 5 })).ops)).toEqual([2]);
  });

  it('of many small operations are quick to ask for: 6,000 of them', async () => {
    await appendMany(6000);
    const seen: number[] = [];
    for (let after = 0; after < 6000; after = seen.at(-1)!) {
      seen.push(...offsets((await store.read('a', { after, limit: 500 })).ops));
    }
    expect(seen).toEqual(Array.from({ length: 6000 }, (_, i) => i + 1));
  });

  it('of state make one whole, also when it changes while it is read', async () => {
    const value = 'x'.repeat(10_000);
    const put = (i: number, payload = value) => store.append('s', { key: `${i}`, payload }, bounds);
    const follower = await Follower.of(store, 's');
    await Promise.all(Array.from({ length: 300 }, (_, i) => put(i)));
    let isOver = false;
    let changes = 0;
    const changing = (async () => {
      while (!isOver) {
        const i = changes++ % 300;
        await (i % 3 === 0 ? store.append('s', { key: `${i}`, kind: 'delete', payload: '' }, bounds) : put(i));
      }
    })();
    const pages: StoredPage[] = [];
    for (let i = 0; i < 5; i++) {
      const before = changes;
      pages.push(await store.read('s', { limit: Infinity }), await store.read('s', { after: 0, limit: Infinity }));
      expect(changes).toBeGreaterThan(before);
    }
    isOver = true;
    await changing;
    const { top } = await store.bounds('s');
    await follower.until(() => follower.top === top);
    // Each is as it was at one moment, that of its top.
    for (const [i, page] of pages.entries()) {
      const last = new Map(follower.ops.filter(({ offset }) => offset <= page.top).map((op) => [op.key, op]));
      const expected = [...last.values()].filter(({ kind }) => i % 2 === 1 || kind === undefined);
      expect(offsets(page.ops)).toEqual(offsets(expected).toSorted((a, b) => a - b));
    }
  });
});

describe('everybody who comes back at once', () => {
  it('is answered: 5,000 channels are read', async () => {
    const names = Array.from({ length: 5000 }, (_, i) => `channel ${i}`);
    for (let from = 0; from < 5000; from += 500) {
      await Promise.all(names.slice(from, from + 500).map((name) => store.append(name, { payload: name }, wide)));
    }
    const pages = await Promise.all(names.map((name) => store.read(name, { after: 0, limit: 500 })));
    expect(pages.map(({ ops }) => ops[0]?.payload)).toEqual(names);
  });
});

describe('what is remembered', () => {
  it('PUB-4: of a producer is the last 512 publishes at least, and no more than 528', async () => {
    const producer = (seq: number) => ({ id: 'p', seq });
    const publish = (seq: number, retry = false) =>
      store.append('a', { payload: `${seq}`, producer: producer(seq), retry }, { ...wide, count: 10 });
    await Promise.all(Array.from({ length: 1200 }, (_, i) => publish(i + 1)));
    const asked = Array.from({ length: 1200 }, (_, i) => i + 1);
    const outcomes = await Promise.all(
      asked.map((seq) =>
        publish(seq, true).then(
          ({ offset, duplicate }) => (duplicate ? offset : -1),
          () => 'too old',
        ),
      ),
    );
    const known = asked.filter((_, i) => outcomes[i] !== 'too old');
    expect(known.length).toBeGreaterThanOrEqual(512);
    expect(known.length).toBeLessThanOrEqual(528);
    expect(known.at(-1)).toBe(1200);
    expect(known.map((seq) => outcomes[seq - 1])).toEqual(known);
    expect(Number(await server.command('HLEN', `{${prefix}0}w:a`))).toBeLessThanOrEqual(34);
    expect(await publish(1201)).toMatchObject({ offset: 1201, duplicate: false });
  });

  it('PUB-4: of many producers is the most recent ones', async () => {
    store.close();
    store = redis({ url: server.url, prefix, shards: 1, maxProducers: 100 });
    const publish = (id: string, retry = false) =>
      store.append('a', { payload: '1', producer: { id, seq: 5 }, retry }, wide);
    for (let i = 0; i < 150; i++) await publish(`${i}`);
    await expect(publish('0', true)).rejects.toMatchObject({ code: 'too-old' });
    expect(await publish('149', true)).toMatchObject({ offset: 150, duplicate: true });
    expect(Number(await server.command('ZCARD', `{${prefix}0}p:a`))).toBe(100);
    expect(Number(await server.command('HLEN', `{${prefix}0}w:a`))).toBe(200);
  });

  it('LOG-2: ends with its age, without another append', async () => {
    await store.append('a', { payload: '1', id: 'x' }, { ...wide, ageMs: 0 });
    // Its millisecond passes.
    while ((await store.bounds('a')).floor === 0) await server.command('PING');
    expect(await store.read('a', { limit: 5 })).toMatchObject({ floor: 1, top: 1, ops: [] });
    expect(await server.command('EXISTS', `{${prefix}0}o:a`, `{${prefix}0}i:a`)).toBe('0');
    expect(await store.append('a', { payload: '2', id: 'x' }, wide)).toMatchObject({ offset: 2, duplicate: false });
  });

  it('a bound that is lowered is met step by step', async () => {
    await appendMany(2500);
    const one = { ...wide, count: 1 };
    for (let i = 0; i < 3; i++) await store.append('a', { payload: '1' }, one);
    expect(await store.bounds('a')).toMatchObject({ floor: 2502, top: 2503 });
  });
});

describe('the clock of leases', () => {
  const expired = async () => {
    await store.expire();
    return (await store.read('s', { limit: 1 })).ops.length === 0;
  };
  const shift = async (byMs: number) => {
    const [seconds] = (await server.command('TIME')).split('\n');
    const lookedAt = Number(seconds) * 1000 - byMs;
    await server.command('HSET', `{${prefix}0}`, 'looked_at', `${lookedAt}`);
  };

  it('goes on evenly, whatever is done to the clock of the server', async () => {
    await store.append('s', { key: 'x', payload: '1', ttlMs: 8000 }, bounds);
    // It was set on by an hour, and back by one.
    await shift(3_600_000);
    expect(await expired()).toBe(false);
    await shift(-3_600_000);
    expect(await expired()).toBe(false);
    expect(await expired()).toBe(false);
    await shift(4500);
    expect(await expired()).toBe(true);
  });
});
