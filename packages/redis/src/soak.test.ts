import { breakOf } from '@longwave/protocol';
import { type FreezableLink, type RedisServer, startLink, startRedis, until } from '@longwave/testkit/services';
import { afterEach, describe, expect, it } from 'vitest';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { quietLogger } from './testing/quiet-logger.js';
import { appendRetrying, retrying } from './testing/retrying.js';

// SOAK_ROUNDS=100 for the long form.
const rounds = Number(process.env['SOAK_ROUNDS'] ?? 2);

const channels = ['a', 'b', 'c', 'd'];

interface Ack {
  readonly channel: string;
  readonly producer: string;
  readonly payload: string;
  readonly epoch: string;
  readonly offset: number;
}

/** Two nodes, each with a way of its own to one server, that publish to all channels and follow some. */
class Scene {
  readonly server: RedisServer;
  readonly links: readonly FreezableLink[];
  readonly stores: readonly RedisStore[];
  followers: readonly Follower[] = [];
  readonly acks: Ack[] = [];
  failures = 0;
  #isOver = false;
  #publishing: Promise<void>[] = [];

  private constructor(server: RedisServer, links: readonly FreezableLink[], stores: readonly RedisStore[]) {
    this.server = server;
    this.links = links;
    this.stores = stores;
  }

  static async start(durability: 'memory' | 'disk'): Promise<Scene> {
    const settings = durability === 'disk' ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
    const server = await startRedis(settings);
    const links = [await startLink(server.port), await startLink(server.port)];
    const stores = links.map(({ port }) =>
      redis({ url: `redis://127.0.0.1:${port}`, durability, commandTimeout: 500, logger: quietLogger() }),
    );
    await Promise.all(stores.map((store) => store.ready()));
    const scene = new Scene(server, links, stores);
    scene.followers = await Promise.all(channels.map((channel, i) => Follower.of(stores[i % 2]!, channel)));
    scene.#publishing = channels.flatMap((channel) =>
      stores.map((store, i) => scene.#publish(store, channel, `p${i}`)),
    );
    return scene;
  }

  async #publish(store: RedisStore, channel: string, producer: string): Promise<void> {
    for (let seq = 1; !this.#isOver; seq++) {
      const payload = `${producer} ${seq}`;
      const publish = { payload, producer: { id: producer, seq } };
      const { epoch, offset } = await appendRetrying(store, channel, publish, () => this.failures++);
      this.acks.push({ channel, producer, payload, epoch, offset });
    }
  }

  async progress(): Promise<void> {
    const { length } = this.acks;
    await until(() => Promise.resolve(this.acks.length > length + 100));
  }

  async failure(): Promise<void> {
    const { failures } = this;
    await until(() => Promise.resolve(this.failures > failures));
  }

  async finish(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#publishing);
    for (const [i, follower] of this.followers.entries()) {
      const { top, epoch } = await retrying(() => this.stores[0]!.bounds(channels[i]!));
      await follower.until(() => follower.top === top && follower.epoch === epoch);
    }
  }

  async stop(): Promise<void> {
    for (const store of this.stores) store.close();
    for (const link of this.links) await link.close();
    await this.server.stop();
  }
}

/** What happens to the connections and the server, one after the other. */
const faults: readonly ((scene: Scene, link: FreezableLink) => Promise<unknown>)[] = [
  (_, link) => Promise.resolve(link.cut()),
  async (scene, link) => {
    link.freeze();
    await scene.failure();
    link.thaw();
  },
  ({ server }) => server.restart(),
  // Without a log on disk the next restart goes back to here.
  ({ server }) => server.command('SAVE'),
  ({ server }) => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
  ({ server }) => server.command('SCRIPT', 'FLUSH'),
  async (scene) => {
    scene.server.freeze();
    await scene.failure();
    scene.server.thaw();
  },
  ({ server }) => server.command('DEBUG', 'CHANGE-REPL-ID'),
];

let scene: Scene;
afterEach(() => scene.stop());

async function run(durability: 'memory' | 'disk'): Promise<void> {
  scene = await Scene.start(durability);
  for (let round = 0; round < rounds; round++) {
    for (const [i, fault] of faults.entries()) {
      await scene.progress();
      await fault(scene, scene.links[(round + i) % 2]!);
    }
  }
  await scene.progress();
  await scene.finish();
}

function expectFollowed({ followers }: Scene): void {
  for (const { ops, announced } of followers) {
    expect(ops.map(({ offset }) => offset)).toEqual(ops.map((_, at) => at + 1));
    expect(new Set(announced).size).toBe(announced.length);
  }
}

describe('under faults', () => {
  const timeout = 60_000 + rounds * 20_000;

  it(
    'G1, G2: what is acknowledged from disk is there, once and in order, and is followed as such',
    async () => {
      await run('disk');
      expectFollowed(scene);
      for (const [i, { ops }] of scene.followers.entries()) {
        for (const producer of ['p0', 'p1']) {
          const acked = scene.acks.filter((ack) => ack.channel === channels[i] && ack.producer === producer);
          const stored = ops.filter(({ payload }) => (payload as string).startsWith(producer));
          expect(stored.map(({ payload }) => payload)).toEqual(acked.map(({ payload }) => payload));
          expect(stored.map(({ offset }) => offset)).toEqual(acked.map(({ offset }) => offset));
        }
      }
      expect(scene.failures).toBeGreaterThan(0);
    },
    timeout,
  );

  it(
    'G3: what is acknowledged from memory is there, or whoever has it is told that it is not',
    async () => {
      await run('memory');
      expectFollowed(scene);
      let lost = 0;
      for (const [i, { ops, epoch: now }] of scene.followers.entries()) {
        const acked = scene.acks.filter(({ channel }) => channel === channels[i]);
        const silent = acked.filter(
          ({ epoch, offset, payload }) =>
            !breakOf({ epoch, offset }, { epoch: now }) && ops[offset - 1]?.payload !== payload,
        );
        expect(silent).toEqual([]);
        lost += acked.filter(({ offset, payload }) => ops[offset - 1]?.payload !== payload).length;
      }
      expect(lost).toBeGreaterThan(0);
    },
    timeout,
  );
});
