import { breakOf } from '@longwave/protocol';
import type { Keep, NewOperation, Store } from '@longwave/core';
import { type RedisServer, startRedis } from '@longwave/testkit/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { channelKeys } from './keys.js';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';
import { Follower } from './testing/follower.js';
import { quietLogger } from './testing/quiet-logger.js';
import { wide } from './testing/retrying.js';

let server: RedisServer;
let prefix: string;
let store: RedisStore;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => {
  prefix = `vanished-${++count}:`;
  store = redis({ url: server.url, prefix, shards: 1, logger: quietLogger() });
});
afterEach(() => store.close());

const bounds = { keys: 100, bytes: 1e6, removals: 100 };
const keysOf = (channel: string) => channelKeys(prefix, 0, channel);
type Part = keyof ReturnType<typeof keysOf>;
const remove = (channel: string, parts: readonly Part[]) =>
  server.command('DEL', ...parts.map((part) => keysOf(channel)[part]));

const own: readonly Part[] = ['channel', 'ids', 'producers', 'windows', 'ops', 'live', 'gone', 'holders'];

interface Kind {
  readonly keep: Keep;
  readonly operation: (seq: number) => NewOperation;
  /** What the content of a channel is made of. */
  readonly content: readonly (readonly Part[])[];
}

const named = (seq: number) => ({ payload: `${seq}`, id: `m${seq}`, producer: { id: 'p', seq } });
const log: Kind = { keep: wide, operation: named, content: [own, ['channel'], ['ops'], ['channel', 'ids', 'windows']] };
const state: Kind = {
  keep: bounds,
  operation: (seq) =>
    seq % 10
      ? { ...named(seq), key: `k${seq % 20}`, ttlMs: 1e8, holder: 'n' }
      : { ...named(seq), key: `k${(seq - 1) % 20}`, kind: 'delete' },
  content: [own, ['channel'], ['ops'], ['live'], ['gone'], ['ops', 'live'], ['ops', 'live', 'gone']],
};

async function fill(kind: Kind, to: number): Promise<void> {
  for (let seq = 1; seq <= to; seq++) await store.append('a', kind.operation(seq), kind.keep);
}

for (const [name, kind] of [['a log', log] as const, ['state', state] as const]) {
  describe(`${name} of which keys vanished`, () => {
    for (const parts of kind.content) {
      it(`EPOCH-3: (${parts.join(', ')}) goes on in an epoch that continues nothing, and who watches learns of it`, async () => {
        await fill(kind, 95);
        const follower = await Follower.of(store, 'a');
        const { epoch } = await store.bounds('a');
        await remove('a', parts);
        const next = await store.append('a', { ...kind.operation(96), payload: '"next"' }, kind.keep);
        expect(next).toMatchObject({ offset: 1, duplicate: false });
        expect([0, 1, 95].map((offset) => breakOf({ epoch, offset }, { epoch: next.epoch }))).toEqual(
          Array(3).fill('epoch-changed'),
        );
        await follower.until(() => follower.epoch === next.epoch && follower.top === 1);
        expect(follower.ops.map(({ payload }) => payload)).toEqual(['"next"']);
        // Nothing of the one before comes back, and what was in it may be published again.
        const again = await store.append('a', { ...kind.operation(1), retry: true }, kind.keep);
        expect(again).toMatchObject({ epoch: next.epoch, offset: 2, duplicate: false });
        expect(await store.read('a', { after: 0, limit: 200 })).toMatchObject({ epoch: next.epoch, floor: 0, top: 2 });
      });

      it(`EPOCH-3: (${parts.join(', ')}) says so to who only reads, the same each time`, async () => {
        await fill(kind, 20);
        const { epoch } = await store.bounds('a');
        const follower = await Follower.of(store, 'a');
        await remove('a', parts);
        const after = await store.bounds('a');
        expect(after).toMatchObject({ floor: 0, top: 0 });
        expect(breakOf({ epoch, offset: 20 }, { epoch: after.epoch })).toBe('epoch-changed');
        expect(await store.bounds('a')).toEqual(after);
        expect(await store.read('a', { limit: 100 })).toEqual({ ...after, ops: [] });
        await follower.until(() => follower.epoch === after.epoch);
        expect(await store.append('a', kind.operation(1), kind.keep)).toMatchObject({ epoch: after.epoch, offset: 1 });
        await remove('a', own);
        expect(breakOf({ epoch: after.epoch, offset: 1 }, { epoch: (await store.bounds('a')).epoch })).toBe(
          'epoch-changed',
        );
      });
    }

    for (const parts of [['windows'], ['producers'], ['windows', 'producers']] as const) {
      it(`PUB-4: (${parts.join(', ')}) stores no repeated publish again: it is acknowledged as the first, or too old`, async () => {
        await fill(kind, 20);
        const before = await store.bounds('a');
        await remove('a', parts);
        const { id: _id, ...sent } = kind.operation(20);
        const repeated = await outcome(store, { ...sent, retry: true }, kind.keep);
        expect(['too-old', 20]).toContain(repeated);
        expect(
          await outcome(
            store,
            { ...kind.operation(1), id: undefined, producer: { id: 'q', seq: 7 }, retry: true },
            kind.keep,
          ),
        ).toBe('too-old');
        expect(
          await outcome(
            store,
            { ...kind.operation(1), id: undefined, producer: { id: 'q', seq: 65 }, retry: true },
            kind.keep,
          ),
        ).toBe(21);
        expect(await store.bounds('a')).toEqual({ ...before, top: 21 });
      });
    }

    it('PUB-3: (ids) finds the message ids of what is retained again', async () => {
      await fill(kind, 19);
      await remove('a', ['ids']);
      const { producer: _producer, ...sent } = kind.operation(19);
      expect(await store.append('a', sent, kind.keep)).toMatchObject({ offset: 19, duplicate: true });
      expect(await store.append('a', { ...sent, id: 'other' }, kind.keep)).toMatchObject({ duplicate: false });
    });
  });
}

describe('a shard of which keys vanished', () => {
  it('EPOCH-3: (its record) goes on with the channels that are there; a channel without operations is another one', async () => {
    await fill(log, 5);
    const [follower, empty] = [await Follower.of(store, 'a'), await Follower.of(store, 'empty')];
    const before = await store.bounds('a');
    await remove('a', ['shard']);
    expect(await store.bounds('a')).toEqual(before);
    expect(await store.append('a', log.operation(6), wide)).toMatchObject({ epoch: before.epoch, offset: 6 });
    await follower.until(() => follower.top === 6);
    await empty.until(() => breakOf({ epoch: empty.epoch, offset: 0 }, { epoch: before.epoch }) !== undefined);
    await remove('a', own);
    expect(breakOf({ ...before, offset: 6 }, { epoch: (await store.bounds('a')).epoch })).toBe('epoch-changed');
  });

  it('MAP-4: (its record, and with it the clock of its leases) ends no entry at once, and each some time', async () => {
    await store.append('s', { key: 'short', payload: '1', ttlMs: 60_000 }, bounds);
    await store.append('s', { key: 'long', payload: '1', ttlMs: 600_000 }, bounds);
    // A clock that has gone on for long.
    await server.command('HSET', keysOf('s').shard, 'elapsed', '9000000');
    await store.append('s', { key: 'short', payload: '1', ttlMs: 60_000 }, bounds);
    await store.append('s', { key: 'long', payload: '1', ttlMs: 600_000 }, bounds);
    await remove('s', ['shard']);
    await store.expire();
    expect((await store.read('s', { limit: 9 })).ops).toHaveLength(2);
    const [, ends] = (await server.command('ZRANGE', keysOf('s').leases, '0', '0', 'WITHSCORES')).split('\n');
    const elapsed = Number(await server.command('HGET', keysOf('s').shard, 'elapsed'));
    expect(Number(ends) - elapsed).toBeGreaterThan(0);
    expect(Number(ends) - elapsed).toBeLessThanOrEqual(5000);
  });

  it('G5: (what changed) loses no announcement', async () => {
    const follower = await Follower.of(store, 'a');
    await fill(log, 3);
    await follower.until(() => follower.top === 3);
    // As an announcement that is lost.
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await store.append('a', log.operation(4), wide);
    await remove('a', ['changes']);
    await follower.until(() => follower.top === 4);
    expect(follower.ops.map(({ payload }) => payload)).toEqual(['1', '2', '3', '4']);
  });

  it('EPOCH-3: of more channels than it remembers the changes of, one that is gone is not taken for one that never was', async () => {
    const many = Array.from({ length: 4100 }, (_, i) => `c${i}`);
    for (let from = 0; from < many.length; from += 410) {
      await Promise.all(many.slice(from, from + 410).map((channel) => store.append(channel, { payload: '1' }, wide)));
    }
    // The first of them fell out of what is remembered.
    const { epoch } = await store.bounds('c0');
    const never = await store.bounds('never');
    await remove('c0', own);
    const next = await store.append('c0', { payload: '1' }, wide);
    expect(next.offset).toBe(1);
    expect([0, 1].map((offset) => breakOf({ epoch, offset }, { epoch: next.epoch }))).toEqual(
      Array(2).fill('epoch-changed'),
    );
    expect((await store.append('never', { payload: '1' }, wide)).epoch).toBe(never.epoch);
    await remove('c1', [...own, 'forgotten']);
    expect(
      breakOf({ epoch, offset: 0 }, { epoch: (await store.append('c1', { payload: '1' }, wide)).epoch }),
    ).toBeDefined();
  });
});

async function outcome(at: Store, operation: NewOperation, keep: Keep): Promise<unknown> {
  try {
    return (await at.append('a', operation, keep)).offset;
  } catch (error) {
    return (error as { code?: string }).code ?? error;
  }
}
