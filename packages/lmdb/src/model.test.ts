import { LongwaveError, type Operation, type ResolvedRetention, type StateBounds } from '@longwave/protocol';
import { MemoryStore, type NewOperation } from '@longwave/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LmdbStore } from './lmdb-store.js';
import { openStore } from './open-store.js';
import { makeFolder } from './testing/temporary-folder.js';

const maxProducers = 3;
const small = fc.integer({ min: 1, max: 6 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const producer = fc.record({
  id: fc.constantFrom('p', 'q', 'r', 's', 't'),
  seq: fc.integer({ min: 1, max: 40 }),
  after: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 8 }),
});
const common = {
  payload: fc.oneof(fc.constantFrom('1', '"long enough to matter"'), fc.uint8Array({ maxLength: 9 })),
  id: maybe(fc.constantFrom('x', 'y', 'z')),
  user: maybe(fc.constantFrom('ada', 'bob')),
  producer: maybe(producer),
  retry: fc.boolean(),
};
const logOperation: fc.Arbitrary<NewOperation> = fc.record({
  ...common,
  expect: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 8 }),
});
const stateOperation: fc.Arbitrary<NewOperation> = fc
  .record({
    ...common,
    payload: fc.constantFrom('1', '2', '"long enough to matter"'),
    // Of one byte a unit: this store counts bytes, the other one units.
    key: fc.constantFrom('', 'a', 'b', '~', 'constructor'),
    kind: fc.constantFrom(undefined, 'put' as const, 'delete' as const, 'touch' as const),
    delta: maybe(fc.constant('{"d":1}')),
    expect: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined, freq: 4 }),
    ttlMs: maybe(fc.constantFrom(100, 500)),
    holder: maybe(fc.constantFrom('m', 'n')),
    rank: maybe(fc.integer({ min: 0, max: 2 })),
    ifChanged: maybe(fc.constant(true as const)),
    at: maybe(small),
  })
  // Entries that end at once do so in whatever order: of these one at most has an end.
  .map((operation) => (operation.key === 'a' ? operation : { ...operation, ttlMs: undefined }));
const load = fc.record({
  kind: fc.constant('load' as const),
  payload: fc.constantFrom('[]', '[["a",1]]', '[["a",1],["b",{"n":2}],["c",3],["d",4]]'),
  at: maybe(small),
});

const retain: fc.Arbitrary<ResolvedRetention> = fc.oneof(
  fc.record({
    count: fc.constantFrom(0, 1, 3, 100),
    bytes: fc.constantFrom(30, 1e6),
    ageMs: fc.constantFrom(250, Infinity),
  }),
  fc.record({
    ...{ count: fc.constant(Number.MAX_SAFE_INTEGER), ageMs: fc.constant(Number.MAX_SAFE_INTEGER) },
    ...{ bytes: fc.constantFrom(30, 1e6), whole: fc.constant(true as const) },
  }),
);
const bounds: fc.Arbitrary<StateBounds> = fc.record({
  keys: fc.constantFrom(2, 100),
  bytes: fc.constantFrom(25, 1e6),
  removals: fc.constant(2),
});
const append = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom('log', 'log 2'), logOperation, retain) },
  { weight: 5, arbitrary: fc.tuple(fc.constant('state'), stateOperation, bounds) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('state', 'loaded'), load, bounds) },
);
/** What is asked for at once, and how much later the next comes. */
const round = fc.record({
  appends: fc.array(append, { maxLength: 12 }),
  /** A compaction of one log, up to so many operations before its end. */
  compact: maybe(fc.record({ channel: fc.constantFrom('log', 'log 2'), back: fc.constantFrom(-1, 0, 1, 2, 5) })),
  pauseMs: fc.constantFrom(0, 100, 300, 90_000),
});

const plain = (op: Operation) => {
  const { offset, time, payload, id, user, key, kind, delta } = op;
  return { offset, time, payload, id, user, key, kind, delta };
};
/** A delta is for those who watch: it may be kept or not. */
const kept = (op: Operation) => ({ ...plain(op), delta: undefined });
const codeOf = (error: unknown): string => {
  if (error instanceof LongwaveError) return error.code;
  throw error;
};

/** `MODEL_RUNS=1000` is the long form. */
const numRuns = Number(process.env['MODEL_RUNS'] ?? 40);
const timeoutMs = Math.max(120_000, numRuns * 1000);

let now = 1_000_000;
let runs = 0;
let disk: LmdbStore;
let remove: () => void;
// One for all runs, which have channels of their own: a store takes longer to open than a run.
beforeAll(() => {
  const made = makeFolder();
  remove = made.remove;
  disk = openStore({ path: made.folder, maxProducers }, { now: () => now, steady: () => now });
});
afterAll(async () => {
  await disk.close();
  remove();
});

it('does what the store in memory does, whatever comes', { timeout: timeoutMs }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { maxLength: 8 }), async (rounds) => {
      const memory = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch', maxProducers });
      const own = `${++runs}/`;
      const stops: (() => void)[] = [];
      try {
        const kinds = ['log', 'log 2', 'state', 'loaded', 'never'];
        const [told, expected]: [unknown[], unknown[]] = [[], []];
        for (const [store, seen] of [
          [memory, expected],
          [disk, told],
        ] as const) {
          for (const kind of kinds) {
            const learn = (): void => void seen.push('learn');
            stops.push(store.watch(own + kind, { announce: (_, op) => seen.push([kind, plain(op)]), learn }));
          }
        }
        for (const { appends, compact, pauseMs } of rounds) {
          const outcomes = appends.map(([channel, operation, keep]) =>
            disk.append(own + channel, operation, keep).then(({ offset, duplicate }) => [offset, duplicate], codeOf),
          );
          const model = appends.map(([channel, operation, keep]) => {
            try {
              const { offset, duplicate } = memory.append(own + channel, operation, keep);
              return [offset, duplicate];
            } catch (error) {
              return codeOf(error);
            }
          });
          expect(await Promise.all(outcomes)).toEqual(model);
          if (compact) {
            const { channel, back } = compact;
            const payload = new Uint8Array(9);
            const at = (store: LmdbStore | MemoryStore) => {
              const { epoch, top } = store.bounds(own + channel);
              return { epoch, offset: top - back, payload };
            };
            expect(await disk.compact(own + channel, at(disk))).toBe(memory.compact(own + channel, at(memory)));
          }
          now += pauseMs;
          memory.expire();
          await disk.expire();
          for (const kind of kinds) {
            for (const query of [
              { limit: 100 },
              { after: 1, limit: 2 },
              { before: 3, limit: 2 },
              { key: 'a', limit: 1 },
            ]) {
              // What a query means for the other kind is nobody's business.
              if (kind.startsWith('log') === 'key' in query) continue;
              const { ops, floor, top } = disk.read(own + kind, query);
              const wanted = memory.read(own + kind, query);
              expect({ floor, top, ops: ops.map(kept) }).toEqual({
                floor: wanted.floor,
                top: wanted.top,
                ops: wanted.ops.map(kept),
              });
            }
          }
        }
        // Of one channel the order is told; what was stored in one commit is told in the order of the calls.
        expect(told).toEqual(expected);
      } finally {
        for (const stop of stops) stop();
      }
    }),
    { numRuns },
  );
});
