import { type NatsCluster, startNatsCluster } from '@longwave/testkit/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments, untilDone } from './testing/deployment.js';
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

it('servers of a cluster die one after the other under load: nothing is lost or repeated, and all watchers see all', async () => {
  const open = deployments.create({ replicas: 3, checkpointBytes: 4000 });
  const nodes = cluster.urls.map((url) => open({ servers: url }));
  expect(nodes[0]!.durability).toBe('replicated');
  // A cluster that has just started takes its time to agree on a leader.
  const ready = async (): Promise<void> => {
    for (const node of nodes) await untilDone(() => node.bounds('0'));
  };
  await ready();
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
  await verifyLoad(load, open(), followers);
}, 180_000);
