import { LongwaveError, type ResolvedRetention } from '@longwave/protocol';
import { type Keep, MemoryStore, type NewOperation, type ReadQuery, type Store } from '@longwave/core';
import { type RedisServer, startRedis } from '@longwave/testkit/services';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedisStore } from './redis-store.js';
import { redis } from './redis.js';

const maxProducers = 3;

let server: RedisServer;
let store: RedisStore;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
  store = redis({ url: server.url, maxProducers });
  await store.ready();
});
afterAll(async () => {
  store.close();
  await server.stop();
});

/** `compact`: up to so many operations before the end. */
type Step =
  | readonly ['append', NewOperation, Keep]
  | readonly ['read', ReadQuery]
  | readonly ['compact', number, Uint8Array];

/** As much as two stores can have in common: not epochs and times, and not deltas, which are announced and need not be kept. */
async function outcome(of: Store, channel: string, step: Step): Promise<unknown> {
  try {
    if (step[0] === 'read') {
      const { ops, floor, top } = await of.read(channel, step[1]);
      return { floor, top, ops: ops.map(({ time: _time, delta: _delta, ...op }) => op) };
    }
    if (step[0] === 'compact') {
      const { epoch, top } = await of.bounds(channel);
      return await of.compact!(channel, { epoch, offset: top - step[1], payload: step[2] });
    }
    const { offset, duplicate } = await of.append(channel, step[1], step[2]);
    // An entry with no time left, at once: two that end together may do so in any order.
    if (step[1].ttlMs === 0) await of.expire();
    return { offset, duplicate };
  } catch (error) {
    if (error instanceof LongwaveError) return error.code;
    throw error;
  }
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const text = fc.constantFrom('', 'a', 'b', 'ü', '{x}', '0:1');
// Sizes are those of UTF-8 here, and of UTF-16 there.
const keyText = fc.constantFrom('', 'a', 'b', '{x}', '0:1');
const producer = fc.record({
  id: fc.constantFrom('p', 'q', 'r', 's', 't'),
  seq: fc.integer({ min: 1, max: 9 }),
  after: maybe(fc.nat({ max: 9 })),
});
const published = {
  payload: fc.oneof(fc.string({ maxLength: 20, unit: fc.constantFrom('x', 'y') }), fc.uint8Array({ maxLength: 8 })),
  id: maybe(text),
  user: maybe(text),
  producer: maybe(producer),
  retry: fc.boolean(),
};
const query: fc.Arbitrary<ReadQuery> = fc
  .record({
    after: maybe(fc.nat({ max: 30 })),
    before: maybe(fc.nat({ max: 30 })),
    limit: fc.constantFrom(0, 1, 3, 100, Infinity),
  })
  .map(({ after, before, limit }) => ({
    ...{ limit },
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  }));
const reading = (asked: fc.Arbitrary<ReadQuery>): fc.Arbitrary<Step> => asked.map((each) => ['read', each]);

const logKeep: fc.Arbitrary<ResolvedRetention> = fc.oneof(
  fc.record({ count: fc.nat({ max: 8 }), bytes: fc.nat({ max: 80 }), ageMs: fc.constant(1e9) }),
  fc.record({
    ...{ count: fc.constant(Number.MAX_SAFE_INTEGER), ageMs: fc.constant(Number.MAX_SAFE_INTEGER) },
    ...{ bytes: fc.nat({ max: 80 }), whole: fc.constant(true as const) },
  }),
);
const appended = { ...published, expect: fc.option(fc.nat({ max: 9 }), { nil: undefined, freq: 8 }) };
const logStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constant('append' as const), fc.record(appended), logKeep) },
  fc.tuple(fc.constant('compact' as const), fc.integer({ min: -1, max: 4 }), fc.uint8Array({ maxLength: 20 })),
  reading(query),
);

// Bytes are compared by what they are here, and by being the same array there.
const change: fc.Arbitrary<NewOperation> = fc.record({
  ...published,
  payload: fc.string({ maxLength: 20, unit: fc.constantFrom('x', 'y') }),
  key: keyText,
  kind: fc.constantFrom('put', 'put', 'put', 'delete', 'touch'),
  delta: maybe(fc.constant('d')),
  expect: maybe(fc.nat({ max: 9 })),
  ttlMs: maybe(fc.constantFrom(0, 1e9)),
  holder: maybe(fc.constantFrom('', 'node 1', 'node 2')),
  rank: maybe(fc.nat({ max: 2 })),
  ifChanged: maybe(fc.constant(true as const)),
  at: maybe(fc.nat({ max: 9 })),
});
const load: fc.Arbitrary<NewOperation> = fc.record({
  kind: fc.constant('load' as const),
  payload: fc.constantFrom('[]', '[["a",1]]', '[["a",1],["c",{}],["",null],["b","12345678901234567890"]]'),
  at: maybe(fc.nat({ max: 9 })),
  producer: maybe(producer),
  retry: fc.boolean(),
});
const stateKeep = (removals: number) =>
  fc.record({
    keys: fc.integer({ min: 1, max: 4 }),
    bytes: fc.integer({ min: 5, max: 60 }),
    removals: fc.constant(removals),
  });
const stateStep = (removals: number): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(
        fc.constant('append' as const),
        fc.oneof({ weight: 8, arbitrary: change }, load),
        stateKeep(removals),
      ),
    },
    reading(query.map(({ before: _before, ...asked }) => asked)),
    reading(keyText.map((key) => ({ key, limit: 1 }))),
  );

async function verifySame(steps: readonly Step[]): Promise<void> {
  const memory = new MemoryStore({ clock: { now: () => 0 }, makeId: () => 'epoch', maxProducers });
  const channel = `channel-${++count}`;
  const watched: unknown[] = [];
  const announced: unknown[] = [];
  memory.watch(channel, { announce: (_, op) => watched.push({ ...op, time: 0 }), learn: () => undefined });
  const top = (): number => memory.bounds(channel).top;
  const arrivals: (() => void)[] = [];
  const stop = await store.watch(channel, {
    announce: (_, op) => {
      announced.push({ ...op, time: 0 });
      for (const arrived of arrivals.splice(0)) arrived();
    },
    learn: () => undefined,
  });
  for (const [i, step] of steps.entries()) {
    expect(await outcome(store, channel, step), `step ${i}`).toEqual(await outcome(memory, channel, step));
  }
  while (announced.length < top()) await new Promise<void>((resolve) => arrivals.push(resolve));
  expect(announced.length).toBe(watched.length);
  for (const [i, op] of announced.entries()) {
    const { payload, ...rest } = watched[i] as { payload: unknown; kind?: string };
    // Of a removal the payload has no meaning.
    expect(op).toMatchObject(rest.kind === undefined ? { ...defined(rest), payload } : defined(rest));
  }
  stop();
}

function defined(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

describe('RedisStore does as MemoryStore does', () => {
  it('with logs', async () => {
    await fc.assert(fc.asyncProperty(fc.array(logStep, { maxLength: 60, size: 'max' }), verifySame), { numRuns: 80 });
  });

  it('with state', async () => {
    const program = fc
      .nat({ max: 2 })
      .chain((removals) => fc.array(stateStep(removals), { maxLength: 60, size: 'max' }));
    await fc.assert(fc.asyncProperty(program, verifySame), { numRuns: 120 });
  });
});
