import { type Operation, LongwaveError } from '@longwave/protocol';
import { type Keep, MemoryStore, type NewOperation, type ReadQuery, type Store } from '@longwave/core';
import { type NatsServer, startNats } from '@longwave/testkit/services';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployments } from './testing/deployment.js';

let server: NatsServer;
let deployments: Deployments;

beforeAll(async () => {
  server = await startNats();
  deployments = new Deployments(server.url);
});
afterAll(async () => {
  await deployments.close();
  await server.stop();
});

type Step =
  | { readonly do: 'append'; readonly node: number; readonly operation: NewOperation; readonly keep: Keep }
  | { readonly do: 'compact'; readonly node: number; readonly back: number; readonly payload: Uint8Array }
  | { readonly do: 'read'; readonly node: number; readonly query: ReadQuery }
  | { readonly do: 'pass'; readonly ms: number };

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const producer = maybe(
  fc.record({
    id: fc.constantFrom('p', 'q', 'r', 's', 't'),
    seq: fc.integer({ min: 1, max: 6 }),
    after: maybe(fc.integer({ min: 1, max: 5 })),
  }),
);
const common = {
  payload: fc.oneof(fc.constantFrom('1', '"é😀"', '2'), fc.uint8Array({ maxLength: 5 }), fc.constant('x'.repeat(300))),
  id: maybe(fc.constantFrom('i', 'j', 'k')),
  user: maybe(fc.constantFrom('ada', 'bob')),
  producer,
  retry: maybe(fc.boolean()),
};
const appended: fc.Arbitrary<NewOperation> = fc.record({
  ...common,
  expect: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 8 }),
});
const changed: fc.Arbitrary<NewOperation> = fc.oneof(
  fc.record({
    ...common,
    key: maybe(fc.constantFrom('x', 'y', 'z', '__proto__')),
    kind: fc.constantFrom(undefined, 'put' as const, 'delete' as const),
    delta: maybe(fc.constant('{"d":1}')),
    expect: maybe(fc.integer({ min: 0, max: 6 })),
    ttlMs: maybe(fc.integer({ min: 1, max: 3000 })),
    holder: maybe(fc.constantFrom('node 1', 'node 2')),
    rank: maybe(fc.integer({ min: 0, max: 2 })),
    ifChanged: fc.constantFrom(undefined, true as const),
    at: maybe(fc.integer({ min: 1, max: 4 })),
  }),
  fc.record({
    ...{ payload: fc.constant(''), kind: fc.constant('touch' as const), key: fc.constantFrom('x', 'y') },
    ...{ ttlMs: fc.integer({ min: 1, max: 3000 }), holder: fc.constantFrom('node 1', 'node 2') },
  }),
  fc.record({
    kind: fc.constant('load' as const),
    payload: fc.constantFrom('[]', '[["x",1],["y",{"a":2}]]', '[["a",1],["b",2],["c",3],["d",4],["e",5]]', 'no JSON'),
    at: maybe(fc.integer({ min: 1, max: 4 })),
  }),
);
const query: fc.Arbitrary<ReadQuery> = fc.record(
  {
    limit: fc.integer({ min: 1, max: 6 }),
    after: fc.integer({ min: 0, max: 12 }),
    before: fc.integer({ min: 1, max: 12 }),
    key: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['limit'] },
);

function program(
  operation: fc.Arbitrary<NewOperation>,
  keep: fc.Arbitrary<Keep>,
  writers: number,
): fc.Arbitrary<Step[]> {
  const writer = fc.integer({ min: 0, max: writers - 1 });
  const node = fc.integer({ min: 0, max: 2 });
  return fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant('append' as const), node: writer, operation, keep }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), node, query }) },
      fc.record({
        ...{ do: fc.constant('compact' as const), node: writer, back: fc.integer({ min: -1, max: 3 }) },
        payload: fc.uint8Array({ maxLength: 300 }),
      }),
      { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 4000 }) }) },
    ),
    { minLength: 5, maxLength: 40 },
  );
}

const forEver = fc.constant(Number.MAX_SAFE_INTEGER);
const retention: fc.Arbitrary<Keep> = fc.oneof(
  fc.record({
    count: fc.constantFrom(0, 1, 3, 1000),
    bytes: fc.constantFrom(10, 1000, 1e6),
    ageMs: fc.constantFrom(3000, 8.64e7, Infinity),
  }),
  fc.record({
    ...{ count: forEver, ageMs: forEver, whole: fc.constant(true as const) },
    bytes: fc.constantFrom(10, 1000, 1e6),
  }),
);
const bounds: fc.Arbitrary<Keep> = fc.record({
  keys: fc.constantFrom(2, 1000),
  bytes: fc.constantFrom(400, 1e6),
  removals: fc.constantFrom(1, 1000),
});

/** `MODEL_RUNS=1000` is the long form. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 40);

/** Runs programs on the store in memory and on three nodes of one deployment, the third of which keeps nothing in memory. */
async function verifyReplay(programs: fc.Arbitrary<Step[]>): Promise<void> {
  let now = 1_700_000_000_000;
  const clock = { now: () => now };
  const open = deployments.create({ clock, maxProducers: 3, checkpointBytes: 2000, storage: 'memory' });
  const nodes = [open(), open(), open({ cacheBytes: 0 })];
  const memory = new MemoryStore({ clock, makeId: () => 'epoch', maxProducers: 3 });
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(programs, async (steps) => {
      const channel = `c${++runs}`;
      const told = await Promise.all([memory, nodes[0]!, nodes[1]!].map((store) => follow(store, channel)));
      for (const step of steps) {
        if (step.do === 'pass') {
          // Leases begin on a node when it hears of them.
          for (const node of nodes) await node.bounds(channel);
          now += step.ms;
          memory.expire();
          for (const node of nodes) await node.expire();
          continue;
        }
        const outcomes = await Promise.all([memory, nodes[step.node]!].map((store) => carryOut(store, channel, step)));
        expect(outcomes[1]).toEqual(outcomes[0]);
      }
      const query = { after: 0, limit: 1000 };
      const fresh = open();
      const [expected, ...pages] = await Promise.all(
        [memory, ...nodes, fresh].map((store) => page(store, channel, query)),
      );
      await fresh.close();
      for (const read of pages) expect(read).toEqual(expected);
      for (const ops of told) expect(ops).toEqual(told[0]);
    }),
    { numRuns },
  );
}

async function follow(store: Store, channel: string): Promise<readonly Operation[]> {
  const ops: Operation[] = [];
  await store.watch(channel, { announce: (_, op) => void ops.push(op), learn: () => ops.push(undefined as never) });
  return ops;
}

function carryOut(store: Store, channel: string, step: Exclude<Step, { do: 'pass' }>): Promise<unknown> {
  if (step.do === 'read') return page(store, channel, step.query);
  if (step.do === 'append') return outcome(store, channel, step.operation, step.keep);
  return compact(store, channel, step);
}

async function compact(
  store: Store,
  channel: string,
  { back, payload }: Extract<Step, { do: 'compact' }>,
): Promise<unknown> {
  const { epoch, top } = await store.bounds(channel);
  return store.compact!(channel, { epoch, offset: top - back, payload });
}

async function outcome(store: Store, channel: string, operation: NewOperation, keep: Keep): Promise<unknown> {
  try {
    const { offset, duplicate } = await store.append(channel, operation, keep);
    return { offset, duplicate };
  } catch (error) {
    const cause = error instanceof LongwaveError && error.code === 'unavailable' ? error.cause : error;
    return cause instanceof LongwaveError ? cause.code : cause instanceof SyntaxError ? cause.name : String(error);
  }
}

async function page(store: Store, channel: string, query: ReadQuery): Promise<unknown> {
  const { floor, top, ops } = await store.read(channel, query);
  return { floor, top, ops };
}

it(
  'three nodes do with any log what the store in memory does',
  () => verifyReplay(program(appended, retention, 3)),
  Math.max(120_000, numRuns * 3000),
);

// The third only reads: a node that has just read a channel makes leases last longer, not shorter (leases.test.ts).
it(
  'three nodes do with any state what the store in memory does',
  () => verifyReplay(program(changed, bounds, 2)),
  Math.max(120_000, numRuns * 3000),
);
