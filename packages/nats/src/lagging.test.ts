import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Deployments, Follower, appendUntilStored } from './testing/deployment.js';
import { type Gate, openGate } from './testing/gate.js';

let server: NatsServer;
let gate: Gate;
let deployments: Deployments;

beforeEach(async () => {
  server = await startNats();
  gate = await openGate(server.port);
  deployments = new Deployments(server.url);
});
afterEach(async () => {
  await deployments.close();
  await gate.close();
  await server.stop();
});

it('a node that missed what a checkpoint made superfluous takes that, and tells its watchers', async () => {
  let now = Date.now();
  const open = deployments.create({ checkpointBytes: 2000, clock: { now: () => now }, shards: 1 });
  const [one, slow] = [open(), open({ servers: gate.url })];
  const put = (channel: string, seq: number) => appendUntilStored(one, channel, `${seq}`.padEnd(300), { id: 'p', seq });
  for (const channel of ['a', 'b', 'c']) await put(channel, 1);
  const [a, b, c] = [await Follower.start(slow, 'a'), await Follower.start(slow, 'b'), await Follower.start(slow, 'c')];
  gate.cut();
  for (let seq = 2; seq <= 40; seq++) await put('a', seq);
  await put('b', 2);
  for (let i = 0; i < 4; i++) {
    now += 4000;
    await one.expire();
  }
  gate.open();
  await a.until(() => a.top === 40);
  await b.until(() => b.top === 2);
  expect(a.learned).toBe(1);
  expect(a.ops.map(({ offset }) => offset)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  // The others missed nothing that is gone.
  expect(b.ops.map(({ offset }) => offset)).toEqual([1, 2]);
  await put('c', 2);
  await c.until(() => c.top === 2);
  expect(c.learned).toBe(0);
  await put('a', 41);
  await a.until(() => a.top === 41);
  expect(await slow.read('a', { after: 0, limit: 100 })).toEqual(await one.read('a', { after: 0, limit: 100 }));
});

it('an operation that is on its way for long is stored once', async () => {
  const open = deployments.create({ timeout: 400 });
  const [one, slow] = [open(), open({ servers: gate.url })];
  const operation = { payload: 'x', producer: { id: 'p', seq: 1 } };
  const keep = { count: 100, bytes: 1e6, ageMs: 1e9 };
  await slow.bounds('a');
  gate.shut();
  await expect(slow.append('a', operation, keep)).rejects.toThrow(/is not known/);
  // The client comes to another node with it.
  expect(await one.append('a', { ...operation, retry: true }, keep)).toMatchObject({ offset: 1, duplicate: false });
  gate.open();
  await appendUntilStored(slow, 'a', 'y', { id: 'q', seq: 1 });
  expect((await one.read('a', { after: 0, limit: 10 })).ops.map(({ payload }) => payload)).toEqual(['x', 'y']);
});
