import { type RedisServer, startLink, startRedis } from '@longwave/testkit/services';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, wide } from './testing/retrying.js';

let server: RedisServer;
let count = 0;
const open: RedisStore[] = [];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

async function openTwo(): Promise<[RedisStore, RedisStore]> {
  const prefix = `test-${++count}:`;
  const stores = [0, 1].map(() => redis({ url: server.url, prefix, logger: quietLogger() })) as [
    RedisStore,
    RedisStore,
  ];
  open.push(...stores);
  await Promise.all(stores.map((store) => store.ready()));
  return stores;
}

const killNews = () => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');

describe('announcements', () => {
  it('G5: that are lost, as connections are cut again and again, are found, each once and in order', async () => {
    const [writer, reader] = await openTwo();
    const followers = await Promise.all(['a', 'b', 'c'].map((channel) => Follower.of(reader, channel)));
    let isOver = false;
    const killing = (async () => {
      while (!isOver) await killNews();
    })();
    const channels = ['a', 'b', 'c'].map(async (channel) => {
      for (let seq = 1; seq <= 400; seq++) {
        await appendRetrying(writer, channel, { payload: `${seq}`, producer: { id: 'p', seq } });
      }
    });
    await Promise.all(channels);
    isOver = true;
    await killing;
    for (const follower of followers) {
      await follower.until(() => follower.top === 400);
      expect(follower.ops.map(({ offset, payload }) => [offset, payload])).toEqual(
        Array.from({ length: 400 }, (_, i) => [i + 1, `${i + 1}`]),
      );
      expect(new Set(follower.announced).size).toBe(follower.announced.length);
    }
  });

  it('G5: the last of a quiet channel too', async () => {
    const link = await startLink(server.port);
    const prefix = `test-${++count}:`;
    const writer = redis({ url: server.url, prefix });
    const reader = redis({ url: `redis://127.0.0.1:${link.port}`, prefix, logger: quietLogger() });
    open.push(writer, reader);
    const follower = await Follower.of(reader, 'a');
    await writer.append('a', { payload: '1' }, wide);
    await follower.until(() => follower.top === 1);
    // It is on its way when the connection breaks.
    link.freeze();
    await writer.append('a', { payload: '2' }, wide);
    link.cut();
    link.thaw();
    await follower.until(() => follower.top === 2);
    expect(follower.announced).toHaveLength(1);
    reader.close();
    await link.close();
  });

  it('come by themselves while connections stand: nothing is read for them', async () => {
    const [writer, reader] = await openTwo();
    const follower = await Follower.of(reader, 'a');
    for (let i = 0; i < 100; i++) await writer.append('a', { payload: `${i}` }, wide);
    await follower.until(() => follower.top === 100);
    expect(follower.announced).toHaveLength(100);
    // The first question of a shard compares what is watched in it: later ones tell nothing new.
    expect(follower.learned.length).toBeLessThanOrEqual(1);
  });

  it('of more channels than a shard remembers the changes of are found by comparing all', async () => {
    const prefix = `test-${++count}:`;
    const options = { url: server.url, prefix, shards: 1, pollInterval: 300, logger: quietLogger() };
    const [writer, reader] = [redis(options), redis(options)];
    open.push(writer, reader);
    const follower = await Follower.of(reader, 'quiet');
    await follower.until(() => follower.learned.length > 0);
    await killNews();
    await writer.append('quiet', { payload: '1' }, wide);
    for (let from = 0; from < 4200; from += 600) {
      const channels = Array.from({ length: 600 }, (_, i) => `other ${from + i}`);
      await Promise.all(channels.map((channel) => writer.append(channel, { payload: '1' }, wide)));
    }
    await follower.until(() => follower.top === 1);
    const changes = Number(await server.command('ZCARD', `{${prefix}0}changes`));
    expect(changes).toBe(4096);
  });

  it('of a large load come whole', async () => {
    const [writer, reader] = await openTwo();
    const follower = await Follower.of(reader, 's');
    const entries = Array.from({ length: 3000 }, (_, i) => [`key ${i}`, 'x'.repeat(500)]);
    await writer.append(
      's',
      { kind: 'load', payload: JSON.stringify(entries) },
      { keys: 10_000, bytes: 1e7, removals: 10 },
    );
    await follower.until(() => follower.top === 3000);
    expect(follower.announced).toHaveLength(3000);
  });
});

describe('connections on which nothing comes through', () => {
  it('are left for others, without a word from anybody: announcements come by themselves again', async () => {
    const link = await startLink(server.port);
    const prefix = `test-${++count}:`;
    const writer = redis({ url: server.url, prefix });
    const url = `redis://127.0.0.1:${link.port}`;
    const reader = redis({ url, prefix, pollInterval: 100, commandTimeout: 200, logger: quietLogger() });
    open.push(writer, reader);
    const follower = await Follower.of(reader, 'a');
    await writer.append('a', { payload: '1' }, wide);
    await follower.until(() => follower.top === 1);
    link.freeze();
    await writer.append('a', { payload: '2' }, wide);
    await follower.until(() => follower.top === 2);
    for (let next = 3; follower.announced.length < 5; next++) {
      await writer.append('a', { payload: `${next}` }, wide);
      await follower.until(() => follower.top === next);
    }
    expect(follower.ops.map(({ payload }) => Number(payload))).toEqual(follower.ops.map((_, i) => i + 1));
    reader.close();
    await link.close();
  });
});
