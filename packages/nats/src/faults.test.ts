import { type NatsServer, startNats } from '@longwave/testkit/services';
import type { Store } from '@longwave/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Deployments, Follower, appendUntilStored } from './testing/deployment.js';

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

/** Producers that publish to the channels `0`, `1`... of both nodes, each one after the other, until they are told to end. */
class Load {
  readonly acked = new Map<string, number>();
  #ended = false;
  readonly #running: Promise<void>[];

  constructor(nodes: readonly Store[], channels: number) {
    this.#running = nodes.flatMap((node, n) =>
      Array.from({ length: channels }, (_, channel) => this.#publish(node, `${channel}`, `p${n}-${channel}`)),
    );
  }

  async #publish(node: Store, channel: string, id: string): Promise<void> {
    for (let seq = 1; !this.#ended; seq++) {
      const payload = `${id} ${seq}`;
      this.acked.set(`${channel}/${payload}`, await appendUntilStored(node, channel, payload, { id, seq }));
    }
  }

  /** So many more are acknowledged. */
  async pass(count: number): Promise<void> {
    const goal = this.acked.size + count;
    while (this.acked.size < goal) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async end(): Promise<void> {
    this.#ended = true;
    await Promise.all(this.#running);
  }
}

it('a server that is killed and started again under load loses and repeats nothing, and all watchers see all', async () => {
  const open = deployments.create({ checkpointBytes: 4000 });
  const nodes = [open(), open()];
  const followers = await Promise.all(
    [0, 1].flatMap((channel) => nodes.map((node) => Follower.start(node, `${channel}`))),
  );
  const load = new Load(nodes, 2);
  for (let kill = 0; kill < 3; kill++) {
    await load.pass(200);
    await server.kill();
    await server.start();
  }
  await load.pass(200);
  await load.end();
  const fresh = open();
  for (const [i, follower] of followers.entries()) {
    const channel = `${Math.floor(i / 2)}`;
    const { ops, epoch, top } = await fresh.read(channel, { after: 0, limit: 1e6 });
    await follower.until(() => follower.top === top);
    expect(follower.ops).toEqual(ops);
    expect(follower.epochs).toEqual([epoch]);
    expect(new Set(ops.map(({ payload }) => payload)).size).toBe(ops.length);
    const expected = [...load.acked].filter(([name]) => name.startsWith(`${channel}/`));
    for (const [name, offset] of expected) expect(ops[offset - 1]!.payload).toBe(name.slice(2));
    for (const id of new Set(ops.map(({ payload }) => String(payload).split(' ')[0]))) {
      const seqs = ops.filter(({ payload }) => String(payload).startsWith(`${id} `)).map(({ payload }) => Number(String(payload).split(' ')[1]));
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    }
  }
}, 60_000);

it('while the server is away, all fails in bounded time, and goes on by itself when it is back', async () => {
  const told: string[] = [];
  const logger = { error: (message: string) => void told.push(message), info: (message: string) => void told.push(message) };
  await server.kill();
  const store = deployments.create({ timeoutMs: 300, logger })();
  await expect(store.append('a', { payload: '1' }, wide)).rejects.toThrow(/NATS at 127.0.0.1:\d+ cannot be used/);
  await expect(store.bounds('a')).rejects.toThrow(/cannot be used/);
  await expect(store.watch('a', { announce: () => undefined, learn: () => undefined })).rejects.toThrow(/cannot be used/);
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
  const store = deployments.create({ timeoutMs: 500 })();
  const follower = await Follower.start(store, 'a');
  await appendUntilStored(store, 'a', '1', { id: 'p', seq: 1 });
  server.signal('SIGSTOP');
  await expect(store.append('a', { payload: '2', producer: { id: 'p', seq: 2 } }, wide)).rejects.toThrow(/is not known/);
  server.signal('SIGCONT');
  expect(await appendUntilStored(store, 'a', '2', { id: 'p', seq: 2 })).toBe(2);
  await appendUntilStored(store, 'a', '3', { id: 'p', seq: 3 });
  await follower.until(() => follower.top === 3);
  expect(follower.payloads).toEqual(['1', '2', '3']);
});
