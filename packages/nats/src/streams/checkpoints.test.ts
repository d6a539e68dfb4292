import { createHash, randomBytes } from 'node:crypto';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { Store } from '@longwave/core';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments } from '../testing/deployment.js';

const bounds = { keys: 1000, bytes: 1e8, removals: 100 };

let server: NatsServer;
let deployments: Deployments;

beforeAll(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
});
afterAll(async () => {
  await deployments.close();
  await server.stop();
});

/** Messages by subject, without what names the deployment. */
async function messagesOf(prefix: string): Promise<Map<string, number>> {
  const connection = await connect({ servers: server.url });
  const jsm = await jetstreamManager(connection);
  const counts = new Map<string, number>();
  for await (const { config } of jsm.streams.list()) {
    if (!config.name.startsWith(`${prefix}_`)) continue;
    const { state } = await jsm.streams.info(config.name, { subjects_filter: '>' });
    for (const [subject, count] of Object.entries(state.subjects ?? {})) {
      const kind = subject
        .split('.')
        .slice(1, 3)
        .join('.')
        .replace(/\.\d+$/, '');
      counts.set(kind, (counts.get(kind) ?? 0) + count);
    }
  }
  await connection.close();
  return counts;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('a journal ends at its checkpoint, and a node that comes later has all that the others have', async () => {
  let skewMs = 0;
  const clock = { now: () => Date.now() + skewMs };
  const open = deployments.create({ clock, checkpointBytes: 5000, prefix: 'short' });
  const [one, other] = [open(), open()];
  const retain = { count: 20, bytes: 1e6, ageMs: 1e9 };
  for (let seq = 1; seq <= 200; seq++) {
    const node = seq % 2 === 0 ? one : other;
    await node.append('log', { payload: `${seq}`, id: `${seq}`, producer: { id: `p${seq % 2}`, seq } }, retain);
    await node.append('map', { key: `${seq % 30}`, payload: `${seq}`, producer: { id: 'p', seq } }, bounds);
    if (seq % 7 === 0) await node.append('map', { key: `${seq % 30}`, kind: 'delete', payload: '' }, bounds);
  }
  await until(async () => (await messagesOf('short')).get('meta.checkpoint') === 2);
  for (let i = 0; i < 3; i++) {
    skewMs += 4000;
    await one.expire();
    await other.expire();
  }
  expect((await messagesOf('short')).get('journal')).toBeLessThan(150);
  const fresh = open();
  for (const channel of ['log', 'map']) {
    const expected = await one.read(channel, { after: 0, limit: 1000 });
    expect(await fresh.read(channel, { after: 0, limit: 1000 })).toEqual(expected);
  }
  // What was published before the checkpoint is known for a repetition, and no more than that.
  const again = (seq: number) => ({ payload: 'again', producer: { id: `p${seq % 2}`, seq }, retry: true });
  expect(await fresh.append('log', again(10), retain)).toMatchObject({ offset: 10, duplicate: true });
  expect(await fresh.append('log', { payload: 'again', id: '195' }, retain)).toMatchObject({ offset: 195 });
  expect(await fresh.append('log', { payload: 'new', id: '10' }, retain)).toMatchObject({ offset: 201 });
});

it('a state that has no room in one message is kept and read whole, as is one that is loaded', async () => {
  const open = deployments.create({ checkpointBytes: 5000, prefix: 'large' });
  const one = open();
  const loaded = Array.from({ length: 40 }, (_, i) => [`k${i}`, randomBytes(30_000).toString('hex')] as const);
  expect(await one.append('map', { kind: 'load', payload: JSON.stringify(loaded), at: 1 }, bounds)).toMatchObject({
    offset: 40,
  });
  for (let i = 0; i < 60; i++)
    await one.append('map', { key: `k${i % 40}`, payload: new Uint8Array(randomBytes(60_000)) }, bounds);
  await until(async () => ((await messagesOf('large')).get('meta.part') ?? 0) >= 4);
  const contentOf = async (node: Store) => {
    const { ops, ...rest } = await node.read('map', { after: 0, limit: 1000 });
    return {
      ...rest,
      ops: ops.map(({ payload, ...op }) => ({ ...op, payload: createHash('md5').update(payload).digest('hex') })),
    };
  };
  const expected = await contentOf(one);
  expect(expected.ops).toHaveLength(40);
  expect(await contentOf(open())).toEqual(expected);
  // Another checkpoint takes the place of the first, with its parts.
  for (let i = 0; i < 120; i++)
    await one.append('map', { key: `k${i % 40}`, payload: `"${i}"` + ' '.repeat(50_000) }, bounds);
  expect(await contentOf(open())).toEqual(await contentOf(one));
  expect((await messagesOf('large')).get('meta.part')).toBeLessThan(12);
});

it('what cannot be stored for its size is refused, and all else goes on', async () => {
  const store = deployments.create({ maxWaitingBytes: 100_000 })();
  const retain = { count: 10, bytes: 1e9, ageMs: 1e9 };
  await expect(store.append('a', { payload: 'x'.repeat(200_000) }, retain)).rejects.toThrow(/More waits/);
  expect(await store.append('a', { payload: '1' }, retain)).toMatchObject({ offset: 1 });
});

it('channels that nobody uses are dropped, and read again when somebody does', async () => {
  const store = deployments.create({ cacheBytes: 50_000 })();
  const retain = { count: 10, bytes: 1e9, ageMs: 1e9 };
  await Promise.all(Array.from({ length: 200 }, async (_, i) => store.append(`${i}`, { payload: `${i}` }, retain)));
  await store.expire();
  for (let i = 0; i < 200; i += 20) {
    expect(await store.append(`${i}`, { payload: 'more' }, retain)).toMatchObject({ offset: 2 });
    expect((await store.read(`${i}`, { limit: 9 })).ops.map(({ payload }) => payload)).toEqual([`${i}`, 'more']);
  }
});
