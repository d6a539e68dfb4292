import { breakOf } from '@longwave/protocol';
import { type JetStreamManager, type StreamConfig, jetstreamManager } from '@nats-io/jetstream';
import { type NatsConnection, connect } from '@nats-io/transport-node';
import { type NatsServer, startNats, until } from '@longwave/testkit/services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '@longwave/core';
import { Deployments, Follower, appendUntilStored, untilDone } from './testing/deployment.js';

let server: NatsServer;
let deployments: Deployments;
let connection: NatsConnection;
/** What an operator does. */
let operator: JetStreamManager;

beforeEach(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
  connection = await connect({ servers: server.url });
  operator = await jetstreamManager(connection);
});
afterEach(async () => {
  await deployments.close();
  await connection.close();
  await server.stop();
});

const put = (node: Store, seq: number, channel = 'a') => appendUntilStored(node, channel, `${seq}`, { id: 'p', seq });
const payloads = async (node: Store, channel = 'a') =>
  (await untilDone(() => node.read(channel, { after: 0, limit: 100 }))).ops.map(({ payload }) => payload);
const edit = (stream: string, change: Partial<StreamConfig>) => operator.streams.update(stream, change);

describe('G4: durability', () => {
  it('is what the streams prove, not what the options ask for: one replica is not replicated, nor is memory a disk', async () => {
    const first = deployments.create({ storage: 'memory', prefix: 'level', shards: 1 });
    await put(first(), 1);
    for (const store of [first({ replicas: 3 }), first({ storage: 'file', synced: true })]) {
      expect(store.durability).toBe('memory');
      await put(store, 2);
      expect(store.durability).toBe('memory');
    }
  });

  it('is not `disk` on a server that cannot be told to sync what it acknowledges', async () => {
    const store = deployments.create({ storage: 'file', synced: true })();
    await put(store, 1);
    const [major, minor] = connection.info!.version.split('.').map(Number) as [number, number];
    expect(store.durability).toBe(major > 2 || minor >= 10 ? 'disk' : 'memory');
  });
});

describe('a stream that was deleted', () => {
  it('nodes never split where it is that of the agreement: all go on in the same epoch, which is another', async () => {
    const open = deployments.create({ prefix: 'meta', shards: 1 });
    const nodes = [open(), open()];
    for (let seq = 1; seq <= 3; seq++) await put(nodes[0]!, seq);
    const follower = await Follower.start(nodes[1]!, 'a');
    const { epoch } = await nodes[0]!.bounds('a');
    await operator.streams.delete('meta_meta');
    const fresh = open();
    nodes.push(fresh);
    await put(fresh, 4);
    await follower.until(() => follower.epochs.at(-1) !== epoch);
    const all = async () => Promise.all(nodes.map((node) => untilDone(() => node.bounds('a'))));
    await until(async () => new Set((await all()).map((bounds) => JSON.stringify(bounds))).size === 1);
    const [bounds] = await all();
    expect(breakOf({ epoch, offset: 1 }, { epoch: bounds!.epoch })).toBe('epoch-changed');
    await put(nodes[0]!, 5);
    expect(await payloads(fresh)).toEqual(await payloads(nodes[1]!));
  });

  it('is noticed by a node at rest: nothing has to be asked of it', async () => {
    const store = deployments.create({ prefix: 'rest', shards: 1 })();
    await put(store, 1);
    const { epoch } = await store.bounds('a');
    const follower = await Follower.start(store, 'a');
    await operator.streams.delete('rest_journal_0');
    await follower.until(() => follower.epochs.at(-1) !== undefined);
    expect(breakOf({ epoch, offset: 1 }, { epoch: follower.epochs.at(-1)! })).toBe('epoch-changed');
  });
});

describe('a stream that was purged', () => {
  it('goes on in another epoch, on all nodes, and who had something is told so', async () => {
    const open = deployments.create({ prefix: 'purged', shards: 1 });
    const nodes = [open(), open()];
    for (let seq = 1; seq <= 3; seq++) await put(nodes[0]!, seq);
    const follower = await Follower.start(nodes[1]!, 'a');
    const { epoch } = await nodes[0]!.bounds('a');
    await operator.streams.purge('purged_journal_0');
    await follower.until(() => follower.epochs.length > 0);
    expect(breakOf({ epoch, offset: 3 }, { epoch: follower.epochs.at(-1)! })).toBe('epoch-changed');
    await put(nodes[0]!, 4);
    expect(await payloads(open())).toEqual(['4']);
    expect(await payloads(nodes[1]!)).toEqual(['4']);
  });

  it('of one channel is noticed too', async () => {
    const open = deployments.create({ prefix: 'subject', shards: 1 });
    const node = open();
    await put(node, 1);
    await put(node, 1, 'b');
    const { epoch } = await node.bounds('a');
    const follower = await Follower.start(node, 'a');
    await operator.streams.purge('subject_journal_0', { filter: `subject.journal.0.c${btoa('a').replace(/=+$/, '')}` });
    await follower.until(() => follower.epochs.length > 0);
    expect(breakOf({ epoch, offset: 1 }, { epoch: follower.epochs.at(-1)! })).toBe('epoch-changed');
  });

  it('EPOCH-3: of one channel is noticed too by a node that was not there, whatever position a reader has', async () => {
    const open = deployments.create({ prefix: 'away', shards: 1 });
    const first = open();
    const { epoch } = await untilDone(() => first.bounds('a'));
    for (let seq = 1; seq <= 3; seq++) await put(first, seq);
    await put(first, 1, 'b');
    await first.close();
    await operator.streams.purge('away_journal_0', { filter: `away.journal.0.c${btoa('a').replace(/=+$/, '')}` });
    const next = open();
    const other = open();
    await until(async () => (await untilDone(() => next.bounds('a'))).epoch !== epoch);
    const bounds = await untilDone(() => next.bounds('a'));
    for (const offset of [0, 3]) expect(breakOf({ epoch, offset }, { epoch: bounds.epoch })).toBe('epoch-changed');
    await put(next, 4);
    expect(await payloads(next)).toEqual(['4']);
    await until(async () => (await untilDone(() => other.bounds('a'))).epoch === bounds.epoch);
    expect(await payloads(other)).toEqual(['4']);
  });

  it('is noticed then by a number of journals that nodes keep while they run, so that one that is killed leaves it', async () => {
    const node = deployments.create({ prefix: 'killed', shards: 1 })();
    await put(node, 1);
    await put(node, 1, 'b');
    const kept = async () => {
      const message = await operator.streams.getMessage('killed_meta', { last_by_subj: 'killed.meta.count.0' });
      return message?.json<{ journals: number }>().journals;
    };
    await expect.poll(kept).toBe(2);
    await put(node, 1, 'c');
    await expect.poll(kept).toBe(3);
  });

  it('of its first messages alone makes no log that begins in its midst', async () => {
    const open = deployments.create({ prefix: 'part', shards: 1 });
    const node = open();
    for (let seq = 1; seq <= 5; seq++) await put(node, seq);
    const { epoch } = await node.bounds('a');
    await operator.streams.purge('part_journal_0', { seq: 3 });
    const fresh = open();
    await until(async () => (await untilDone(() => fresh.bounds('a'))).epoch !== epoch);
    const { epoch: next } = await fresh.bounds('a');
    expect(breakOf({ epoch, offset: 5 }, { epoch: next })).toBe('epoch-changed');
    await until(async () => (await untilDone(() => node.bounds('a'))).epoch === next);
    await put(node, 6);
    expect(await payloads(fresh)).toEqual(await payloads(node));
  });
});

describe('a stream that was edited', () => {
  it('so that it drops messages is refused, with what to do, until it is set back', async () => {
    const told: string[] = [];
    const logger = { error: (message: string) => void told.push(message), info: () => undefined };
    const store = deployments.create({ prefix: 'edit', shards: 1, timeout: 300, logger })();
    for (let seq = 1; seq <= 3; seq++) await put(store, seq);
    for (const change of [
      { max_age: 3_600e9, duplicate_window: 100e6 },
      { max_msgs: 1000, discard: 'old' as StreamConfig['discard'] },
      { max_bytes: 1e9, discard: 'old' as StreamConfig['discard'] },
      { max_msgs_per_subject: 100 },
    ]) {
      const { config } = await operator.streams.info('edit_journal_0');
      await edit('edit_journal_0', change);
      let reason = '';
      await until(async () => {
        const outcome = await Promise.resolve(store.bounds('a')).catch((error: unknown) => error);
        reason = outcome instanceof Error ? outcome.message : '';
        return reason.includes('edited');
      });
      expect(reason).toMatch(/edit_journal_0 cannot be used as it was edited: \w+ is .*(must be|set it)/);
      await edit('edit_journal_0', config);
      await untilDone(() => store.bounds('a'));
    }
    expect(await payloads(store)).toEqual(['1', '2', '3']);
    // One line for each edit, however much was refused.
    expect(told.filter((line) => line.includes('edited'))).toHaveLength(4);
  }, 30_000);

  it('and has dropped some by then, goes on in another epoch', async () => {
    const open = deployments.create({ prefix: 'drop', shards: 1 });
    const node = open();
    for (let seq = 1; seq <= 5; seq++) await put(node, seq);
    await put(node, 1, 'b');
    const { epoch } = await node.bounds('a');
    const { config } = await operator.streams.info('drop_journal_0');
    await edit('drop_journal_0', { max_msgs: 1, discard: 'old' as StreamConfig['discard'] });
    await edit('drop_journal_0', config);
    await until(async () => (await untilDone(() => node.bounds('a'))).epoch !== epoch);
    expect(breakOf({ epoch, offset: 5 }, { epoch: (await node.bounds('a')).epoch })).toBe('epoch-changed');
    expect((await open().bounds('a')).epoch).toBe((await node.bounds('a')).epoch);
  });

  it('so that it takes no more, says so in what it refuses, and goes on when it does', async () => {
    const store = deployments.create({ prefix: 'full', shards: 1, timeout: 500, storage: 'file' })();
    await put(store, 1);
    await edit('full_journal_0', { max_msgs: 1 });
    const keep = { count: 10, bytes: 1e6, ageMs: 1e9 };
    await expect(store.append('a', { payload: '2' }, keep)).rejects.toThrow(/maximum messages exceeded/);
    await edit('full_journal_0', { max_msgs: -1 });
    expect(await put(store, 3)).toBe(2);
  });
});

it('a consumer that was deleted is made again, and nothing is passed over', async () => {
  const store = deployments.create({ prefix: 'consumer', shards: 1, storage: 'file' })();
  await put(store, 1);
  const follower = await Follower.start(store, 'a');
  for (let seq = 2; seq <= 4; seq++) {
    for await (const { name } of operator.consumers.list('consumer_journal_0'))
      await operator.consumers.delete('consumer_journal_0', name).catch(() => undefined);
    await put(store, seq);
  }
  await follower.until(() => follower.top === 4);
  expect(follower.payloads.slice(-3)).toEqual(['2', '3', '4']);
}, 20_000);
