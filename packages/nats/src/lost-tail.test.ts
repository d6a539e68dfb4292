import { breakOf } from '@longwave/protocol';
import { type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, connect } from '@nats-io/transport-node';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Deployments, Follower, appendUntilStored } from './testing/deployment.js';
import { openGate } from './testing/gate.js';

let server: NatsServer;
let deployments: Deployments;

beforeEach(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
});
afterEach(async () => {
  await deployments.close();
  await server.stop();
});

/** The server loses what is stored by `work`, as it may when the power fails. */
async function losing(work: () => Promise<void>): Promise<void> {
  await server.kill();
  await server.save();
  await server.start();
  await work();
  await server.kill();
  await server.restore();
  await server.start();
}

/** Does `work` over a connection of its own. */
async function withOperator<T>(work: (connection: NatsConnection, jsm: JetStreamManager) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: server.url });
  const result = await work(connection, await jetstreamManager(connection));
  await connection.close();
  return result;
}

it('a lost end is noticed: the log goes on in an epoch that says up to where it is the same', async () => {
  const open = deployments.create();
  const nodes = [open(), open()];
  const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
  const put = (seq: number, node = one, channel = 'a') => appendUntilStored(node, channel, `${seq}`, { id: 'p', seq });
  await put(1);
  await put(2);
  await put(1, one, 'whole');
  const followers = [await Follower.start(one, 'a'), await Follower.start(other, 'a')];
  const { epoch } = await one.bounds('a');
  await losing(async () => {
    await put(3);
    await put(4);
    for (const follower of followers) await follower.until(() => follower.top === 4);
  });
  for (const follower of followers) await follower.until(() => follower.epochs.at(-1) !== epoch);
  const bounds = await one.bounds('a');
  expect(bounds.top).toBe(2);
  expect(await other.bounds('a')).toEqual(bounds);
  expect(followers.map(({ epochs }) => epochs.at(-1))).toEqual([bounds.epoch, bounds.epoch]);
  expect(breakOf({ epoch, offset: 2 }, { epoch: bounds.epoch })).toBeUndefined();
  expect(breakOf({ epoch, offset: 3 }, { epoch: bounds.epoch })).toBe('truncated');
  expect(await put(5)).toBe(3);
  // Nobody who had all of it is told anything else.
  const whole = await other.bounds('whole');
  expect(breakOf({ epoch, offset: 1 }, { epoch: whole.epoch })).not.toBe('truncated');
  // A node that comes later has the same.
  const fresh = await open().read('a', { after: 0, limit: 10 });
  expect(fresh.ops.map(({ payload }) => payload)).toEqual(['1', '2', '5']);
  expect(fresh.epoch).toBe(bounds.epoch);
  expect((await other.read('a', { after: 0, limit: 10 })).ops).toEqual(fresh.ops);
});

it('what was written by a node that noticed nothing, before others did, is kept, in an epoch of its own', async () => {
  const open = deployments.create();
  const one = open();
  const put = (seq: number, node = one) => appendUntilStored(node, 'a', `${seq}`, { id: 'p', seq });
  await put(1);
  const { epoch } = await one.bounds('a');
  const follower = await Follower.start(one, 'a');
  await losing(async () => {
    await put(2);
    await put(3);
    await follower.until(() => follower.top === 3);
  });
  const fresh = open();
  expect(await appendUntilStored(fresh, 'a', '4', { id: 'q', seq: 1 })).toBe(2);
  await follower.until(() => follower.epochs.at(-1) !== epoch);
  const { epoch: next } = await one.bounds('a');
  expect(breakOf({ epoch, offset: 1 }, { epoch: next })).toBeUndefined();
  expect(breakOf({ epoch, offset: 2 }, { epoch: next })).toBe('truncated');
  expect((await one.read('a', { after: 0, limit: 9 })).ops.map(({ payload }) => payload)).toEqual(['1', '4']);
});

it('a message that another one took the place of is noticed, though all after it are the same', async () => {
  const gate = await openGate(server.port);
  const open = deployments.create({ prefix: 'replaced', shards: 1 });
  const store = open({ servers: gate.url });
  const put = (seq: number) => appendUntilStored(store, 'a', `${seq}`, { id: 'p', seq });
  await put(1);
  await put(2);
  const follower = await Follower.start(store, 'a');
  const { epoch } = await store.bounds('a');
  await server.kill();
  await server.save();
  await server.start();
  await put(3);
  await put(4);
  await follower.until(() => follower.top === 4);
  const last = await withOperator((_, jsm) => jsm.streams.getMessage('replaced_journal_0', { seq: 4 }));
  gate.cut();
  await server.kill();
  await server.restore();
  await server.start();
  // As a replica may be after a crash: with something that the others do not have, and then as they are.
  expect(await appendUntilStored(open(), 'a', 'x', { id: 'q', seq: 1 })).toBe(3);
  await withOperator((connection) => jetstream(connection).publish(last!.subject, last!.data));
  gate.open();
  await follower.until(() => follower.payloads.join() === '1,2,x,4');
  const { epoch: next } = await store.bounds('a');
  expect(follower.epochs.at(-1)).toBe(next);
  expect(breakOf({ epoch, offset: 2 }, { epoch: next })).toBeUndefined();
  expect(breakOf({ epoch, offset: 3 }, { epoch: next })).toBe('truncated');
  expect(await open().read('a', { after: 0, limit: 9 })).toEqual(await store.read('a', { after: 0, limit: 9 }));
  await gate.close();
});

it('a server that had all in memory begins anew, and who had something learns of it', async () => {
  const open = deployments.create({ storage: 'memory' });
  const [one, other] = [open(), open()];
  await appendUntilStored(one, 'a', '1', { id: 'p', seq: 1 });
  const follower = await Follower.start(other, 'a');
  const { epoch } = await one.bounds('a');
  await server.kill();
  await server.start();
  expect(await appendUntilStored(one, 'a', '2', { id: 'p', seq: 2 })).toBe(1);
  await follower.until(() => follower.epochs.at(-1) !== epoch);
  const bounds = await one.bounds('a');
  expect(await other.bounds('a')).toEqual(bounds);
  expect(breakOf({ epoch, offset: 1 }, { epoch: bounds.epoch })).toBeDefined();
});

it('streams that are deleted are made again, under another epoch', async () => {
  const store = deployments.create({ prefix: 'deleted', timeout: 5000 })();
  await appendUntilStored(store, 'a', '1', { id: 'p', seq: 1 });
  const follower = await Follower.start(store, 'a');
  const { epoch } = await store.bounds('a');
  const connection = await connect({ servers: server.url });
  const jsm = await jetstreamManager(connection);
  for (let shard = 0; shard < 2; shard++) await jsm.streams.delete(`deleted_journal_${shard}`);
  await connection.close();
  expect(await appendUntilStored(store, 'a', '2', { id: 'p', seq: 2 })).toBe(1);
  await follower.until(() => follower.epochs.at(-1) !== epoch);
  expect(breakOf({ epoch, offset: 1 }, { epoch: (await store.bounds('a')).epoch })).toBe('epoch-changed');
});
