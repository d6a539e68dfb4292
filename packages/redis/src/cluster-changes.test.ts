import { breakOf } from '@longwave/protocol';
import { type RedisCluster, startRedisCluster, until } from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import { shardOf } from './keys.js';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying } from './testing/retrying.js';
import { slotOf } from './topology/hash-slot.js';

const open: RedisStore[] = [];
let cluster: RedisCluster;
afterEach(async () => {
  for (const store of open.splice(0)) store.close();
  await cluster.stop();
});

async function openTwo(): Promise<[RedisStore, RedisStore]> {
  const options = { cluster: cluster.addresses, commandTimeout: 1000, logger: quietLogger() };
  const stores = [redis(options), redis(options)] as [RedisStore, RedisStore];
  open.push(...stores);
  await Promise.all(stores.map((store) => store.ready()));
  return stores;
}

/** Publishes `count` numbers to each channel, one behind the other, and tries again what fails. */
const publishAll = (store: RedisStore, channels: readonly string[], from: number, count: number) =>
  Promise.all(
    channels.map(async (channel) => {
      for (let seq = from; seq < from + count; seq++) {
        await appendRetrying(store, channel, { payload: `${seq}`, producer: { id: 'p', seq } });
      }
    }),
  );

const numbers = (count: number) => Array.from({ length: count }, (_, i) => `${i + 1}`);

describe('a Cluster', () => {
  it('is not usable as a whole while one of its masters stands still, and is again when that goes on', async () => {
    cluster = await startRedisCluster(3);
    const [store] = await openTwo();
    await store.check();
    const [frozen] = cluster.masters;
    frozen!.freeze();
    await expect(store.check()).rejects.toMatchObject({ code: 'unavailable' });
    frozen!.thaw();
    await retrying(() => store.check());
  }, 60_000);

  it('of which a slot moved answers who reads', async () => {
    cluster = await startRedisCluster(3);
    const [store] = await openTwo();
    await publishAll(store, ['a'], 1, 3);
    const slot = slotOf(`longwave:${shardOf('a', 128)}`);
    for (const server of cluster.masters) {
      if ((await server.command('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)) !== '0') continue;
      await cluster.moveSlot(slot, server);
      expect(await store.bounds('a')).toMatchObject({ top: 3 });
    }
  }, 60_000);

  it('EPOCH-2: that takes a replica for a dead master goes on; those who have what it has too', async () => {
    cluster = await startRedisCluster(3, true);
    const [writer, reader] = await openTwo();
    const channels = Array.from({ length: 12 }, (_, i) => `channel ${i}`);
    const followers = await Promise.all(channels.map((channel) => Follower.of(reader, channel)));
    await publishAll(writer, channels, 1, 10);
    await Promise.all(followers.map((follower) => follower.until(() => follower.top === 10)));
    const epochs = followers.map(({ epoch }) => epoch);
    // What replicas do not have yet is lost.
    for (const master of cluster.masters) await master.command('WAIT', '1', '5000');
    const [dead] = cluster.masters;
    await until(async () => {
      const info = await dead!.command('INFO', 'replication');
      return /offset=(\d+)/.exec(info)?.[1] === /master_repl_offset:(\d+)/.exec(info)?.[1];
    });
    await dead!.kill();
    await publishAll(writer, channels, 11, 10);
    await Promise.all(followers.map((follower) => follower.until(() => follower.top === 20)));
    let moved = 0;
    for (const [i, follower] of followers.entries()) {
      expect(follower.ops.map(({ payload }) => payload)).toEqual(numbers(20));
      if (follower.epoch !== epochs[i]) moved++;
      expect(breakOf({ epoch: epochs[i]!, offset: 10 }, { epoch: follower.epoch })).toBeUndefined();
    }
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(12);
  }, 60_000);

  it('EPOCH-2: whose slots move resets nobody, loses nothing, and stores nothing twice', async () => {
    cluster = await startRedisCluster(3);
    const [writer, reader] = await openTwo();
    const slot = slotOf(`longwave:${shardOf('a', 128)}`);
    const [follower, other] = [await Follower.of(reader, 'a'), await Follower.of(reader, 'quiet')];
    await publishAll(writer, ['a'], 1, 10);
    await follower.until(() => follower.top === 10);
    const { epoch } = follower;
    let total = 10;
    let isOver = false;
    const publishing = (async () => {
      while (!isOver) await publishAll(writer, ['a'], ++total, 1);
    })();
    for (const server of cluster.masters) {
      const isThere = (await server.command('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)) !== '0';
      if (isThere) continue;
      await cluster.moveSlot(slot, server);
      const now = total;
      await until(() => Promise.resolve(total > now + 20));
    }
    // There and back, before anybody asks who has it.
    const [first, second] = cluster.masters;
    for (const server of [first!, second!, first!]) await cluster.moveSlot(slot, server);
    isOver = true;
    await publishing;
    await follower.until(() => follower.top === total);
    expect(follower.ops.map(({ payload }) => payload)).toEqual(numbers(total));
    expect(breakOf({ epoch, offset: 10 }, { epoch: follower.epoch })).toBeUndefined();
    expect(follower.epoch.split('~').length).toBeGreaterThan(2);
    expect(await retrying(() => reader.bounds('quiet'))).toMatchObject({ top: 0, epoch: other.epoch });
    // Announcements come by themselves again, from where the slot is.
    const before = follower.announced.length;
    while (follower.announced.length === before) {
      await publishAll(writer, ['a'], ++total, 1);
      await follower.until(() => follower.top === total);
    }
    const announced = follower.announced.length;
    await publishAll(writer, ['a'], total + 1, 20);
    await follower.until(() => follower.top === total + 20);
    expect(follower.announced.length - announced).toBe(20);
  }, 60_000);
});
