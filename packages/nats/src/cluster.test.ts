import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type NatsCluster, startNatsCluster, until } from '@longwave/testkit/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments, Follower, appendUntilStored, untilDone } from './testing/deployment.js';
import { Load, followAll, verifyLoad } from './testing/load.js';

let cluster: NatsCluster;
let deployments: Deployments;

beforeAll(async () => {
  cluster = await startNatsCluster();
  deployments = new Deployments(...cluster.urls);
}, 60_000);
afterAll(async () => {
  await deployments.close();
  await cluster.stop();
});

it('servers of a cluster die one after the other under load: nothing is repeated, or lost without being told, and all watchers see all', async () => {
  const open = deployments.create({ replicas: 3, checkpointBytes: 4000 });
  const nodes = cluster.urls.map((url) => open({ servers: url }));
  expect(nodes[0]!.durability).toBe('memory');
  // A cluster that has just started takes its time to agree on a leader.
  const ready = async (): Promise<void> => {
    for (const node of nodes) await untilDone(() => node.bounds('0'));
  };
  await ready();
  const levels = (): boolean => nodes.every(({ durability }) => durability === 'replicated');
  await until(levels);
  const followers = await followAll(nodes, 2);
  const load = new Load(nodes, 2);
  for (const server of cluster.servers) {
    await load.pass(150);
    await server.kill();
    await load.pass(60);
    await server.start();
    await ready();
  }
  await load.pass(150);
  await load.end();
  // These servers may lose something themselves: then its epoch says so.
  await verifyLoad(load, open(), followers);
}, 240_000);

it('nodes read from the leader of a stream, and go with it: replicas may differ', async () => {
  const store = deployments.create({ replicas: 3, prefix: 'led', shards: 1 })();
  await untilDone(() => store.bounds('a'));
  const follower = await Follower.start(store, 'a');
  const connection = await connect({ servers: cluster.urls[0]! });
  const operator = await jetstreamManager(connection);
  const leader = async () => (await operator.streams.info('led_journal_0')).cluster?.leader;
  const isFollowed = async (): Promise<boolean> => {
    const places: unknown[] = [];
    for await (const { cluster: place } of operator.consumers.list('led_journal_0')) places.push(place?.leader);
    return places.length === 1 && places[0] === (await leader());
  };
  await until(isFollowed);
  await appendUntilStored(store, 'a', '1', { id: 'p', seq: 1 });
  const before = await leader();
  await connection.request('$JS.API.STREAM.LEADER.STEPDOWN.led_journal_0');
  await until(async () => ![undefined, '', before].includes(await leader()));
  await until(isFollowed);
  await appendUntilStored(store, 'a', '2', { id: 'p', seq: 2 });
  await follower.until(() => follower.top === 2);
  expect(follower.payloads).toEqual(['1', '2']);
  expect(follower.epochs).toHaveLength(1);
  await connection.close();
}, 60_000);

it('a checkpoint frees the journal in a cluster too, and of that channel alone', async () => {
  let now = Date.now();
  const clock = { now: () => now };
  const open = deployments.create({ replicas: 3, prefix: 'freed', shards: 1, checkpointBytes: 2000, clock });
  const store = open();
  const put = (channel: string, seq: number, size = 2) =>
    untilDone(() =>
      store.append(
        channel,
        { payload: `${seq}`.padEnd(size), producer: { id: 'p', seq } },
        { count: 5, bytes: 1e9, ageMs: 1e12 },
      ),
    );
  await put('quiet', 1);
  const connection = await connect({ servers: cluster.urls[0]! });
  const operator = await jetstreamManager(connection);
  const messages = async (stream: string) => (await operator.streams.info(stream)).state.messages;
  // Larger than a message may be: its checkpoints have pieces, of which only those of the last one stay.
  for (let seq = 1; seq <= 30; seq++) await put('a', seq, 200_000);
  await until(async () => {
    now += 4000;
    await store.expire();
    return (await messages('freed_journal_0')) < 15;
  });
  await until(async () => (await messages('freed_meta')) < 8);
  const fresh = open();
  expect((await fresh.read('a', { after: 0, limit: 100 })).ops.map(({ offset }) => offset)).toEqual([
    26, 27, 28, 29, 30,
  ]);
  expect((await fresh.read('quiet', { after: 0, limit: 100 })).ops).toHaveLength(1);
  await connection.close();
}, 60_000);

it('G4: `replicated` is said while the peers prove it, and no longer where an operator leaves one copy', async () => {
  const open = deployments.create({ replicas: 3, prefix: 'peers', shards: 1 });
  const node = open();
  await untilDone(() => node.append('a', { payload: '1' }, { count: 10, bytes: 1e6, ageMs: 1e9 }));
  await until(() => node.durability === 'replicated');
  const connection = await connect({ servers: cluster.urls[0]! });
  const operator = await jetstreamManager(connection);
  // Of the checkpoints alone: what is acknowledged needs them too.
  await operator.streams.update('peers_meta', { num_replicas: 1 });
  await until(() => node.durability !== 'replicated');
  expect(node.durability).toBe('memory');
  await operator.streams.update('peers_meta', { num_replicas: 3 });
  await until(() => node.durability === 'replicated');
  await connection.close();
}, 60_000);
