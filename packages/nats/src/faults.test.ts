import { type NatsServer, startNats } from '@longwave/testkit/services';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Deployments, Follower, appendUntilStored } from './testing/deployment.js';
import { Load, followAll, verifyLoad } from './testing/load.js';

const wide = { count: 1e6, bytes: 1e9, ageMs: 1e12 };

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

it('a server that is killed and started again under load loses and repeats nothing, and all watchers see all', async () => {
  const open = deployments.create({ checkpointBytes: 4000 });
  const nodes = [open(), open()];
  const followers = await followAll(nodes, 2);
  const load = new Load(nodes, 2);
  for (let kill = 0; kill < 3; kill++) {
    await load.pass(200);
    await server.kill();
    await server.start();
  }
  await load.pass(200);
  await load.end();
  expect(await verifyLoad(load, open(), followers)).toBe(false);
  expect(followers.map(({ epochs }) => epochs.length)).toEqual([1, 1, 1, 1]);
}, 60_000);

it('while the server is away, all fails in bounded time, and goes on by itself when it is back', async () => {
  const told: string[] = [];
  const logger = {
    error: (message: string) => void told.push(message),
    info: (message: string) => void told.push(message),
  };
  await server.kill();
  const store = deployments.create({ timeout: 300, logger })();
  await expect(store.append('a', { payload: '1' }, wide)).rejects.toThrow(/NATS at 127.0.0.1:\d+ cannot be used/);
  await expect(store.bounds('a')).rejects.toThrow(/cannot be used/);
  await expect(store.watch('a', { announce: () => undefined, learn: () => undefined })).rejects.toThrow(
    /cannot be used/,
  );
  await store.expire();
  expect(told).toHaveLength(1);
  await server.start();
  expect(await appendUntilStored(store, 'a', '1', { id: 'p', seq: 1 })).toBe(1);
  await server.kill();
  await expect(store.append('a', { payload: '2' }, wide)).rejects.toThrow(/NATS/);
  await expect(store.read('a', { limit: 1 })).rejects.toThrow(/NATS/);
  await server.start();
  expect(await appendUntilStored(store, 'a', '2', { id: 'p', seq: 2 })).toBe(2);
  expect(told).toHaveLength(4);
});

it('a server that stands still is waited for', async () => {
  const store = deployments.create({ timeout: 500 })();
  const follower = await Follower.start(store, 'a');
  await appendUntilStored(store, 'a', '1', { id: 'p', seq: 1 });
  server.signal('SIGSTOP');
  // It may come to a stop only after it has answered some more.
  let seq = 1;
  let failure: unknown;
  while (failure === undefined) {
    const operation = { payload: `${++seq}`, producer: { id: 'p', seq } };
    failure = await Promise.resolve(store.append('a', operation, wide)).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  expect(failure).toMatchObject({ message: expect.stringMatching(/is not known/) as string });
  server.signal('SIGCONT');
  expect(await appendUntilStored(store, 'a', `${seq}`, { id: 'p', seq })).toBe(seq);
  await appendUntilStored(store, 'a', 'last', { id: 'p', seq: seq + 1 });
  await follower.until(() => follower.top === seq + 1);
  expect(follower.payloads).toEqual([...Array.from({ length: seq }, (_, i) => `${i + 1}`), 'last']);
});

it('a name that is too long for a subject is refused by itself: the connection of all others stays', async () => {
  const told: string[] = [];
  const logger = { error: (message: string) => void told.push(message), info: () => undefined };
  const store = deployments.create({ logger })();
  const append = async (channel: string) => store.append(channel, { payload: '1' }, wide);
  expect(await append('x'.repeat(2700))).toMatchObject({ offset: 1 });
  expect(await append('𝒳'.repeat(675))).toMatchObject({ offset: 1 });
  for (const name of ['x'.repeat(2701), '𝒳'.repeat(676), 'y'.repeat(100_000)]) {
    await expect(append(name)).rejects.toMatchObject({ code: 'too-large' });
    await expect(store.read(name, { limit: 1 })).rejects.toMatchObject({ code: 'too-large' });
  }
  expect(await append('a')).toMatchObject({ offset: 1 });
  expect(told).toEqual([]);
});
