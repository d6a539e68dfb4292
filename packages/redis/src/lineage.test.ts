import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { breakOf } from '@longwave/protocol';
import {
  type RedisSentinels,
  type RedisServer,
  startRedis,
  startRedisSentinels,
  until,
} from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import { shardOf } from './keys.js';
import type { RedisStoreOptions } from './options.js';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying, wide } from './testing/retrying.js';

const open: { close(): void }[] = [];
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  for (const server of running.splice(0)) await server.stop();
});

async function connect(options: RedisStoreOptions): Promise<RedisStore> {
  const store = redis({ logger: quietLogger(), ...options });
  open.push(store);
  await store.ready();
  return store;
}

let appended = 0;

async function appendAll(store: RedisStore, channel: string, count: number): Promise<string> {
  let epoch = '';
  for (let i = 0; i < count; i++) {
    const operation = { payload: `"${i}"`, id: `${++appended}` };
    ({ epoch } = await appendRetrying(store, channel, operation));
  }
  return epoch;
}

/** Its log has left the process: with `everysec` that may take as long as the disk is busy. */
async function isWritten(server: RedisServer): Promise<boolean> {
  return (await server.command('INFO', 'persistence')).includes('aof_buffer_length:0');
}

const breaks = (epoch: string, now: string, offsets: readonly number[]) =>
  offsets.map((offset) => breakOf({ epoch, offset }, { epoch: now }));

describe('a failover by Sentinels', () => {
  let group: RedisSentinels;
  const start = async (settings?: readonly string[]): Promise<RedisStore> => {
    group = await startRedisSentinels(settings);
    running.push(group);
    // One shard, that replicas know of: of a channel that they do not know of only its lineage can tell.
    return connect({ sentinels: group.addresses, name: group.name, shards: 1 });
  };

  it('EPOCH-2: that loses the end of logs truncates positions beyond it, and continues all others', async () => {
    const store = await start();
    const epoch = await appendAll(store, 'a', 10);
    const stateEpoch = (await store.append('s', { key: 'x', payload: '1' }, { keys: 9, bytes: 99, removals: 9 })).epoch;
    const quiet = await Follower.of(store, 'a');
    const never = await Follower.of(store, 'never written');
    await group.caughtUp();
    await group.holdReplication();
    await appendAll(store, 'a', 5);
    const lostEpoch = await appendAll(store, 'lost', 3);
    await quiet.until(() => quiet.top === 15);
    await group.master.kill();
    await group.failedOver();

    const after = await retrying(() => store.bounds('a'));
    expect(after.top).toBe(10);
    expect(breaks(epoch, after.epoch, [0, 1, 10, 11, 15])).toEqual([
      ...[undefined, undefined, undefined],
      ...['truncated', 'truncated'],
    ]);
    // Nobody writes: that the end is lost is noticed all the same.
    await quiet.until(() => quiet.epoch === after.epoch && quiet.top === 10);
    await never.until(() => never.learned.some((bounds) => breaks(never.epoch, bounds.epoch, [0])[0] === undefined));
    const lost = await store.bounds('lost');
    expect(lost.top).toBe(0);
    for (const reason of breaks(lostEpoch, lost.epoch, [1, 3])) expect(reason).toBeDefined();
    expect(await store.append('lost', { payload: '1' }, wide)).toMatchObject({ epoch: lost.epoch, offset: 1 });
    expect(breaks(stateEpoch, (await store.bounds('s')).epoch, [1])).toEqual([undefined]);

    const next = await appendRetrying(store, 'a', { payload: '"next"', producer: { id: 'p', seq: 1 } });
    expect(next).toEqual({ epoch: after.epoch, offset: 11, duplicate: false });
    await quiet.until(() => quiet.top === 11);
    expect(quiet.ops.at(-1)).toMatchObject({ payload: '"next"' });
  });

  it('EPOCH-2: that loses nothing resets nobody, and one after the other neither', async () => {
    const store = await start();
    const epoch = await appendAll(store, 'a', 10);
    await group.caughtUp();
    await group.master.kill();
    await group.failedOver();
    const second = (await retrying(() => store.append('a', { payload: '1' }, wide))).epoch;
    // As the next failover would have it.
    await group.replica.command('DEBUG', 'CHANGE-REPL-ID');
    const third = (await retrying(() => store.append('a', { payload: '2' }, wide))).epoch;
    expect(breaks(epoch, second, [0, 10])).toEqual([undefined, undefined]);
    expect(breaks(second, third, [11])).toEqual([undefined]);
    expect(await store.read('a', { limit: 2 })).toMatchObject({ top: 12, ops: [{ payload: '1' }, { payload: '2' }] });
  });
});

describe('a master that stands still, and is given up', () => {
  it('EPOCH-2: is left for the new one, by appends, reads and announcements; what it brings when it goes on is not heard', async () => {
    const group = await startRedisSentinels();
    running.push(group);
    const store = await connect({ sentinels: group.addresses, name: group.name, commandTimeout: 500 });
    const follower = await Follower.of(store, 'a');
    const epoch = await appendAll(store, 'a', 5);
    await follower.until(() => follower.top === 5);
    await group.caughtUp();
    group.master.freeze();
    await group.failedOver();
    const next = await appendRetrying(store, 'a', { payload: '6', producer: { id: 'p', seq: 1 } });
    expect([next.offset, ...breaks(epoch, next.epoch, [5])]).toEqual([6, undefined]);
    await follower.until(() => follower.top === 6);
    const announced = follower.announced.length;
    group.master.thaw();
    for (let seq = 2; seq <= 20; seq++) {
      await appendRetrying(store, 'a', { payload: `${seq + 5}`, producer: { id: 'p', seq } });
    }
    await follower.until(() => follower.top === 25);
    expect(follower.announced.length - announced).toBe(19);
    expect(follower.ops.slice(5).map(({ payload }) => Number(payload))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 6),
    );
    expect(await group.replica.command('HGET', `{longwave:${shardOf('a', 128)}}c:a`, 'top')).toBe('25');
  });
});

describe('a master that starts again', () => {
  const start = async (settings: readonly string[]): Promise<RedisServer> => {
    const server = await startRedis(settings);
    running.push(server);
    return server;
  };

  it('EPOCH-2: after a crash with its log on disk continues every position', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    const store = await connect({ url: server.url });
    const epoch = await appendAll(store, 'a', 10);
    const { epoch: never } = await store.bounds('never');
    await until(() => isWritten(server));
    await server.restart();
    const after = await retrying(() => store.bounds('a'));
    expect(after).toMatchObject({ floor: 0, top: 10 });
    expect(after.epoch).not.toBe(epoch);
    expect(breaks(epoch, after.epoch, [0, 10])).toEqual([undefined, undefined]);
    expect(breaks(never, (await store.bounds('never')).epoch, [0])).toEqual([undefined]);
  });

  it('EPOCH-2: after a loss of power truncates what had not reached the disk', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'everysec']);
    const store = await connect({ url: server.url });
    const epoch = await appendAll(store, 'a', 10);
    await until(() => isWritten(server));
    await server.kill();
    const folder = join(server.folder, 'appendonlydir');
    const file = join(
      folder,
      (await readdir(folder)).find((name) => name.endsWith('.incr.aof'))!,
    );
    await truncate(file, Math.floor((await stat(file)).size * 0.6));
    await server.restart();
    const after = await retrying(() => store.bounds('a'));
    expect(after.top).toBeGreaterThan(0);
    expect(after.top).toBeLessThan(10);
    expect(breaks(epoch, after.epoch, [after.top, after.top + 1, 10])).toEqual([undefined, 'truncated', 'truncated']);
    expect(await retrying(() => store.append('a', { payload: '1' }, wide))).toMatchObject({
      epoch: after.epoch,
      offset: after.top + 1,
    });
  });

  it('EPOCH-2: or is emptied continues nothing, and who watches learns of it', async () => {
    const server = await start([]);
    const store = await connect({ url: server.url });
    const epoch = await appendAll(store, 'a', 3);
    const [written, empty] = [await Follower.of(store, 'a'), await Follower.of(store, 'b')];
    const before = empty.epoch;
    await server.command('FLUSHALL');
    const after = await store.bounds('a');
    expect(after.top).toBe(0);
    expect(breaks(epoch, after.epoch, [0, 3])).toEqual(['epoch-changed', 'epoch-changed']);
    await written.until(() => written.epoch === after.epoch);
    await empty.until(() => empty.epoch !== before);
    await server.restart();
    const again = await retrying(() => store.bounds('a'));
    expect(breaks(after.epoch, again.epoch, [0])).toEqual(['epoch-changed']);
    await written.until(() => written.epoch === again.epoch);
    expect(await retrying(() => store.append('a', { payload: '1' }, wide))).toEqual({
      epoch: again.epoch,
      offset: 1,
      duplicate: false,
    });
  });

  it('EPOCH-1: names eight logs at most', async () => {
    const server = await start(['--appendonly', 'yes', '--appendfsync', 'always']);
    const store = await connect({ url: server.url });
    const epochs = [await appendAll(store, 'a', 1)];
    for (let i = 0; i < 8; i++) {
      await server.restart();
      epochs.push((await retrying(() => store.append('a', { payload: '1' }, wide))).epoch);
    }
    const last = epochs.at(-1)!;
    expect(last.split('~')).toHaveLength(8);
    expect(last).toMatch(/^[\w-]{1,22}(~\d+\.[\w-]{1,22}){7}$/);
    expect(epochs.map((epoch) => breakOf({ epoch, offset: 1 }, { epoch: last }))).toEqual([
      'epoch-changed',
      ...Array.from({ length: 8 }, () => undefined),
    ]);
  });
});
