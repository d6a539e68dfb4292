import type { Store } from '@longwave/core';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Deployments, Follower } from './testing/deployment.js';

const bounds = { keys: 100, bytes: 1e6, removals: 10 };

let server: NatsServer;
let deployments: Deployments;
let now: number;

beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.stop());
beforeEach(() => {
  now = Date.now();
  deployments = new Deployments(server.url);
});
afterEach(() => deployments.close());

const clock = { now: () => now };

/** Seconds go by, as the engine sees them. */
async function pass(seconds: number, ...nodes: readonly Store[]): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    now += 1000;
    for (const node of nodes) await node.expire();
    // What a node tells the others comes to them.
    for (const node of nodes) await node.bounds('somewhere');
  }
}

const keysOf = async (node: Store, channel: string) =>
  (await node.read(channel, { limit: 100 })).ops.map(({ key }) => key);

it('entries end though all nodes are gone that wrote them, and no other has touched their channels', async () => {
  const open = deployments.create({ clock });
  const first = open();
  const channels = Array.from({ length: 20 }, (_, i) => `room ${i}`);
  for (const channel of channels) await first.append(channel, { key: 'ada', payload: '1', ttlMs: 5000 }, bounds);
  await first.append('lasts', { key: 'ada', payload: '1' }, bounds);
  await first.close();
  const others = [open(), open()];
  await pass(15, ...others);
  const fresh = open();
  for (const channel of channels) expect(await fresh.bounds(channel)).toMatchObject({ top: 2 });
  expect(await fresh.bounds('lasts')).toMatchObject({ top: 1 });
});

it('a node that dies is followed by the others', async () => {
  const open = deployments.create({ clock });
  const [dies, stays] = [open(), open()];
  const channels = Array.from({ length: 20 }, (_, i) => `room ${i}`);
  await pass(5, dies, stays);
  for (const channel of channels) await dies.append(channel, { key: 'ada', payload: '1', ttlMs: 3000 }, bounds);
  await dies.close();
  await pass(12, stays);
  for (const channel of channels) expect(await keysOf(stays, channel)).toEqual([]);
});

it('a node that has just read a channel makes leases last longer, not shorter', async () => {
  const open = deployments.create({ clock });
  const [one, forgetful] = [open(), open({ cacheBytes: 0 })];
  await one.append('a', { key: 'x', payload: '1', ttlMs: 3000 }, bounds);
  await pass(2, one);
  await forgetful.append('a', { key: 'y', payload: '1', ttlMs: 3000 }, bounds);
  await pass(2, one);
  expect(await keysOf(one, 'a')).toContain('y');
  await pass(5, one);
  expect(await keysOf(one, 'a')).toEqual([]);
});

it('a clock that is set does not end what is alive', async () => {
  const open = deployments.create({ clock });
  const store = open();
  const follower = await Follower.start(store, 'a');
  await store.append('a', { key: 'x', payload: '1', ttlMs: 30_000, holder: 'n' }, bounds);
  now += 3_600_000;
  await store.expire();
  now -= 7_200_000;
  await store.expire();
  expect(await keysOf(store, 'a')).toEqual(['x']);
  await store.append('a', { kind: 'touch', key: 'x', payload: '', ttlMs: 10_000, holder: 'n' }, bounds);
  await pass(12, store);
  await follower.until(() => follower.top === 2);
  expect(follower.ops.at(-1)).toMatchObject({ key: 'x', kind: 'expire' });
});

it('a channel without leases is forgotten as one, and taken note of when it has some again', async () => {
  const open = deployments.create({ clock });
  const one = open();
  await pass(3, one);
  await one.append('a', { key: 'x', payload: '1', ttlMs: 1000 }, bounds);
  await pass(90, one);
  await one.append('a', { key: 'x', payload: '1', ttlMs: 1000 }, bounds);
  await one.close();
  const other = open();
  await pass(8, other);
  expect(await keysOf(other, 'a')).toEqual([]);
});
