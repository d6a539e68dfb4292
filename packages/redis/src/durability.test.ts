import { type RedisPair, type RedisServer, startRedis, startRedisPair } from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisStoreOptions } from './options.js';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying, wide } from './testing/retrying.js';

const open: RedisStore[] = [];
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  for (const server of running.splice(0)) await server.stop();
});

async function start(settings: readonly string[] = []): Promise<RedisServer> {
  const server = await startRedis(settings);
  running.push(server);
  return server;
}

async function startPair(): Promise<RedisPair> {
  const pair = await startRedisPair();
  running.push(pair);
  return pair;
}

function connect(options: RedisStoreOptions): RedisStore {
  const store = redis({ logger: quietLogger(), ...options });
  open.push(store);
  return store;
}

describe('G4: replicated', () => {
  it('is acknowledged when replicas have it, many appends with one WAIT', async () => {
    const { master, replica } = await startPair();
    const store = connect({ url: master.url, durability: 'replicated' });
    await store.ready();
    await master.command('CONFIG', 'RESETSTAT');
    await Promise.all(Array.from({ length: 500 }, (_, i) => store.append('a', { payload: `${i}` }, wide)));
    const stats = await master.command('INFO', 'commandstats');
    const calls = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1]);
    expect(calls('evalsha')).toBeGreaterThanOrEqual(500);
    expect(calls('wait')).toBeLessThan(50);
    await master.kill();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    const heir = connect({ url: replica.url });
    expect(await heir.bounds('a')).toMatchObject({ top: 500 });
  });

  it('is refused, transiently, when replicas do not answer; a retry is acknowledged when they have the first', async () => {
    const pair = await startPair();
    const { master, replica } = pair;
    const store = connect({ url: master.url, durability: 'replicated', replicaTimeout: 100 });
    await store.ready();
    const publish = { payload: '1', producer: { id: 'p', seq: 1 } };
    await pair.holdReplication();
    await expect(store.append('a', publish, wide)).rejects.toThrow(/0 of 1 replicas/);
    // It is stored, and still only there: another connection has written nothing that it could wait for.
    const other = connect({ url: master.url, durability: 'replicated', replicaTimeout: 100 });
    await expect(other.append('a', { ...publish, retry: true }, wide)).rejects.toThrow(/0 of 1 replicas/);
    await pair.resumeReplication();
    expect(await appendRetrying(other, 'a', { ...publish, retry: true })).toMatchObject({ offset: 1, duplicate: true });
    await master.kill();
    await replica.command('REPLICAOF', 'NO', 'ONE');
    expect(await connect({ url: replica.url }).bounds('a')).toMatchObject({ top: 1 });
  });

  it('a refusal is one, whatever replicas do', async () => {
    const pair = await startPair();
    const store = connect({ url: pair.master.url, durability: 'replicated', replicaTimeout: 100 });
    await store.ready();
    await pair.holdReplication();
    const bounds = { keys: 1, bytes: 1, removals: 1 };
    await expect(store.append('s', { key: 'x', payload: '1', expect: 4 }, bounds)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('G4: disk', () => {
  it('refuses a server that acknowledges before its log is on disk, and takes it when that is set', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    const store = connect({ url: server.url, durability: 'disk' });
    await expect(store.ready()).rejects.toThrow(/appendfsync everysec/);
    await expect(store.append('a', { payload: '1' }, wide)).rejects.toThrow(/appendfsync always/);
    await server.command('CONFIG', 'SET', 'appendfsync', 'always');
    expect(await retrying(() => store.append('a', { payload: '1' }, wide))).toMatchObject({ offset: 1 });
    await server.restart();
    expect(await retrying(() => store.bounds('a'))).toMatchObject({ top: 1 });
  });

  it('is acknowledged no more as soon as the log is switched off, and again when it is on', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
    const store = connect({ url: server.url, durability: 'disk' });
    await store.append('a', { payload: '1' }, wide);
    await server.command('CONFIG', 'SET', 'appendonly', 'no');
    // Not one, however soon it comes.
    await expect(store.append('a', { payload: '2' }, wide)).rejects.toThrow(/append-only|appendonly/);
    await expect(store.append('a', { payload: '2' }, wide)).rejects.toThrow(/append-only|appendonly/);
    await server.command('CONFIG', 'SET', 'appendonly', 'yes');
    expect(await retrying(() => store.append('a', { payload: '2' }, wide))).toMatchObject({ offset: 2 });
  });

  it('is acknowledged no more when fsync is put off, soon after', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
    const store = connect({ url: server.url, durability: 'disk', pollInterval: 50 });
    await store.append('a', { payload: '1' }, wide);
    await server.command('CONFIG', 'SET', 'appendfsync', 'everysec');
    const refusal = () => failureOf(store.append('a', { payload: '2' }, wide));
    await expect.poll(refusal, { timeout: 20_000 }).toMatch(/appendfsync everysec/);
    await server.command('CONFIG', 'SET', 'appendfsync', 'always');
    await retrying(() => store.append('a', { payload: '3' }, wide));
  });

  it('refuses a server that keeps no log', async () => {
    const { url } = await start();
    await expect(connect({ url, durability: 'disk' }).ready()).rejects.toThrow(/appendonly no/);
  });
});

/** The message of what it fails with. */
const failureOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => '',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('a server or an option that does not fit', () => {
  it('a server that is told to drop keys while it runs, for as long as it is', async () => {
    const server = await start();
    const store = connect({ url: server.url, pollInterval: 50 });
    await store.append('a', { payload: '1' }, wide);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await expect
      .poll(() => failureOf(store.append('a', { payload: '2' }, wide)), { timeout: 20_000 })
      .toMatch(/allkeys-lru/);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await retrying(() => store.append('a', { payload: '3' }, wide));
  });

  it('another number of shards than what is stored has', async () => {
    const { url } = await start();
    await connect({ url, shards: 64 }).ready();
    const store = connect({ url, shards: 128 });
    await expect(store.ready()).rejects.toThrow(/spread over 64 shards, and this store was told 128/);
    await expect(store.append('a', { payload: '1' }, wide)).rejects.toThrow(/tell it 64/);
    await connect({ url, shards: 128, prefix: 'other:' }).ready();
  });

  it('a server that drops what it likes', async () => {
    const { url } = await start(['--maxmemory-policy', 'allkeys-lru']);
    await expect(connect({ url }).ready()).rejects.toThrow(/noeviction/);
  });

  it('a replica', async () => {
    const { replica } = await startPair();
    const store = connect({ url: replica.url, commandTimeout: 200 });
    // The first may be given up before anybody has asked the server what it is.
    const refusal = () => store.append('a', { payload: '1' }, wide).then(String, String);
    await expect.poll(refusal, { timeout: 20_000 }).toMatch(/replica/);
  });

  it('options that cannot be', () => {
    expect(() => redis({ prefix: 'a{b}' })).toThrow(/prefix is 'a{b}'; it must be a text without braces/);
    expect(() => redis({ shards: 100 })).toThrow(/power of two/);
    expect(() => redis({ replicaTimeout: 1500 })).toThrow(/half/);
  });

  it('as many channels as the store may hold: another one is refused, what is there goes on', async () => {
    const { url } = await start();
    const store = connect({ url, shards: 1, maxChannels: 2 });
    await store.append('a', { payload: '1' }, wide);
    await store.append('b', { payload: '1' }, wide);
    await expect(store.append('c', { payload: '1' }, wide)).rejects.toMatchObject({ code: 'too-many' });
    expect(await store.append('a', { payload: '2' }, wide)).toMatchObject({ offset: 2 });
    expect(await store.bounds('c')).toMatchObject({ top: 0 });
  });

  it('a master that became a replica is left', async () => {
    const pair = await startPair();
    const store = connect({ url: pair.master.url, commandTimeout: 300 });
    await retrying(() => store.append('a', { payload: '1', id: '1' }, wide));
    await pair.caughtUp();
    await pair.replica.command('REPLICAOF', 'NO', 'ONE');
    await pair.master.command('REPLICAOF', '127.0.0.1', `${pair.replica.port}`);
    await expect(store.append('a', { payload: '2' }, wide)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(store.bounds('a')).rejects.toMatchObject({ code: 'unavailable' });
    await pair.master.command('REPLICAOF', 'NO', 'ONE');
    expect(await retrying(() => store.append('a', { payload: '3' }, wide))).toMatchObject({ offset: 2 });
  });
});
