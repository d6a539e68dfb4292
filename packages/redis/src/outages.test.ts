import { type FreezableLink, type RedisServer, findFreePort, startLink, startRedis } from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisStoreOptions } from './options.js';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying, wide } from './testing/retrying.js';

const open: RedisStore[] = [];
const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  for (const stop of running.splice(0).toReversed()) await stop();
});

async function start(settings: readonly string[] = [], port?: number): Promise<RedisServer> {
  const server = await startRedis(settings, port);
  running.push(() => server.stop());
  return server;
}

async function startBehindLink(): Promise<{ server: RedisServer; link: FreezableLink; url: string }> {
  const server = await start();
  const link = await startLink(server.port);
  running.push(() => link.close());
  return { server, link, url: `redis://127.0.0.1:${link.port}` };
}

function connect(options: RedisStoreOptions): RedisStore & { readonly said: string[] } {
  const logger = quietLogger();
  const store = redis({ logger, ...options });
  open.push(store);
  return Object.assign(store, { said: logger.said });
}

const payloads = async (store: RedisStore, channel = 'a') =>
  (await retrying(() => store.read(channel, { after: 0, limit: 100_000 }))).ops.map(({ payload }) => Number(payload));

const rising = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value > values[i - 1]!);

describe('connections that break', () => {
  it('PUB-2: a publish that is tried again is stored once', async () => {
    const { link, url } = await startBehindLink();
    const store = connect({ url });
    await store.ready();
    let failures = 0;
    const cutting = setInterval(() => link.cut(), 15);
    const publish = async (id: string): Promise<void> => {
      for (let seq = 1; seq <= 60; seq++) {
        const stored = await appendRetrying(store, id, { payload: `${seq}`, producer: { id, seq } }, () => failures++);
        expect(stored.offset).toBe(seq);
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(publish));
    clearInterval(cutting);
    expect(failures).toBeGreaterThan(0);
    for (const id of ['a', 'b', 'c', 'd']) {
      expect(await payloads(store, id)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    }
  });

  it('PUB-6: what was under way is stored in the order of the calls, or not at all', async () => {
    const { link, url } = await startBehindLink();
    const store = connect({ url });
    await store.ready();
    const appends: Promise<unknown>[] = [];
    let settled = 0;
    for (let i = 1; i <= 3000; i++) {
      appends.push(Promise.resolve(store.append('a', { payload: `${i}` }, wide)).finally(() => settled++));
      if (i % 300 === 0) {
        // In the middle of the answers.
        await Promise.race(appends.slice(-200)).catch(() => undefined);
        link.cut();
      }
    }
    const outcomes = await Promise.allSettled(appends);
    expect(settled).toBe(3000);
    const stored = await payloads(store);
    expect(rising(stored)).toBe(true);
    const acknowledged = outcomes.flatMap(({ status }, i) => (status === 'fulfilled' ? [i + 1] : []));
    expect(acknowledged.length).toBeLessThan(3000);
    const all = new Set(stored);
    expect(acknowledged.filter((i) => !all.has(i))).toEqual([]);
  });

  it('a server that stands still is left in time, and does nothing late', async () => {
    const server = await start();
    const store = connect({ url: server.url, commandTimeout: 300 });
    await store.ready();
    await retrying(() => store.append('a', { payload: '1', id: '1' }, wide));
    server.freeze();
    const frozenAt = performance.now();
    const errors: unknown[] = [];
    // Longer than anything that was sent may be done: what waits in its sockets is of no use any more.
    for (let i = 2; performance.now() < frozenAt + 1500; i++) {
      const pair = [i, i + 1000].map((n) => store.append('a', { payload: `${n}` }, wide));
      for (const outcome of await Promise.allSettled(pair)) {
        if (outcome.status === 'rejected') errors.push(outcome.reason);
      }
    }
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatchObject({ code: 'unavailable' });
    server.thaw();
    expect(await retrying(() => store.append('a', { payload: '5000' }, wide))).toBeDefined();
    const stored = await payloads(store);
    expect(stored[0]).toBe(1);
    expect(stored.at(-1)).toBe(5000);
    // What was sent in the last moments may have been in time.
    expect(stored.filter((n) => n === 2 || n === 1002)).toEqual([]);
    expect(rising(stored.map((n) => n % 1000 || n))).toBe(true);
  });

  it('PUB-6: what a link held back is not stored behind what came later over another', async () => {
    const { server, link, url } = await startBehindLink();
    const store = connect({ url, commandTimeout: 300 });
    await store.ready();
    link.freeze();
    const late = store.append('a', { payload: '1' }, wide);
    await expect(late).rejects.toMatchObject({ code: 'unavailable' });
    await retrying(() => store.append('a', { payload: '2' }, wide));
    // What was sent first comes out of the link now, while it might still be done.
    link.thaw();
    await retrying(() => store.append('a', { payload: '3' }, wide));
    const direct = connect({ url: server.url });
    await direct.append('a', { payload: '4' }, wide);
    expect(await payloads(direct)).toEqual([2, 3, 4]);
  });
});

describe('outages', () => {
  it('a server that is missing at first is found when it comes; meanwhile everything is refused, and said once', async () => {
    const port = await findFreePort();
    const store = connect({ url: `redis://127.0.0.1:${port}`, commandTimeout: 300 });
    const watcher = { announce: () => undefined, learn: () => undefined };
    const asked = [
      () => store.append('a', { payload: '1' }, wide),
      () => store.read('a', { limit: 1 }),
      () => store.bounds('a'),
      () => store.watch('a', watcher),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'unavailable' });
    await store.expire();
    expect(store.said).toHaveLength(1);
    await start([], port);
    await store.ready();
    await retrying(() => store.watch('a', watcher));
    expect(await store.append('a', { payload: '1' }, wide)).toMatchObject({ offset: 1 });
    expect(store.said.map((line) => line.split(':')[0])).toEqual(['error', 'info']);
  });

  it('SCRIPT FLUSH costs a moment', async () => {
    const server = await start();
    const store = connect({ url: server.url });
    await store.ready();
    await store.append('a', { payload: '1' }, wide);
    await server.command('SCRIPT', 'FLUSH');
    expect(await retrying(() => store.append('a', { payload: '2' }, wide))).toMatchObject({ offset: 2 });
    expect(await payloads(store)).toEqual([1, 2]);
  });

  it('a server without memory refuses, answers who reads, and goes on when there is some', async () => {
    const server = await start();
    const store = connect({ url: server.url });
    await store.ready();
    await store.append('a', { payload: '1' }, wide);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    await expect(store.append('a', { payload: '2' }, wide)).rejects.toThrow(/maxmemory/);
    expect(await payloads(store)).toEqual([1]);
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(await store.append('a', { payload: '2' }, wide)).toMatchObject({ offset: 2 });
  });

  it('what is asked after the end is refused', async () => {
    const server = await start();
    const store = connect({ url: server.url });
    await store.ready();
    const late = store.append('a', { payload: '1' }, wide);
    store.close();
    await expect(late).rejects.toThrow(/closed/);
    await expect(store.bounds('a')).rejects.toThrow(/closed/);
  });

  it('says once why what waited for a server was not sent, in one error', async () => {
    const store = connect({ url: `redis://127.0.0.1:${await findFreePort()}`, commandTimeout: 200 });
    const reason = await Promise.resolve(store.bounds('a')).catch((error: unknown) => error);
    expect(String(reason).match(/ECONNREFUSED/g)).toHaveLength(1);
    expect(String(reason)).not.toContain('cannot be reached');
    expect((reason as Error).cause).toBeUndefined();
  });
});
