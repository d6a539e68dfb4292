import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryLog } from './memory-log.js';
import type { NewOperation } from '../base/ports.js';
import { MemoryState } from './state/memory-state.js';

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const common = {
  payload: fc.constantFrom('1', '22', '\u4e2d', 'x'.repeat(50)),
  id: maybe(fc.constantFrom('i', 'j', 'k')),
  user: maybe(fc.constantFrom('ada', 'bob')),
  producer: maybe(fc.record({ id: fc.constantFrom('p', 'q', 'r', 's'), seq: fc.integer({ min: 1, max: 5 }) })),
  retry: maybe(fc.boolean()),
};
const changes = {
  ...common,
  key: maybe(fc.constantFrom('x', 'y', 'z')),
  kind: fc.constantFrom(undefined, 'delete' as const, 'touch' as const),
  ttlMs: maybe(fc.integer({ min: 1, max: 30 })),
  holder: maybe(fc.constantFrom('node 1', 'node 2')),
  rank: maybe(fc.nat({ max: 2 })),
  at: maybe(fc.nat({ max: 4 })),
};

function outcomeOf(append: () => unknown): unknown {
  try {
    return append();
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

/** One after the other, 10 ms apart, but for the last those up to `at` on what `restore` made of the first. */
function verifySame<T>(
  made: T,
  restore: (made: T) => T,
  operations: readonly NewOperation[],
  at: number,
  append: (on: T, operation: NewOperation, now: number) => unknown,
): T {
  let copy = made;
  for (const [i, operation] of operations.entries()) {
    if (i === at) copy = restore(made);
    const now = 10 * i;
    const outcome = outcomeOf(() => append(made, operation, now));
    if (copy !== made) expect(outcomeOf(() => append(copy, operation, now))).toEqual(outcome);
  }
  return copy === made ? restore(made) : copy;
}

describe('what is restored from a snapshot does what the one does that it was taken of', () => {
  it('a log', () => {
    const retain = { count: 3, bytes: 120, ageMs: 60 };
    fc.assert(
      fc.property(fc.array(fc.record(common), { maxLength: 40 }), fc.nat({ max: 30 }), (operations, at) => {
        const meter = { bytes: 0 };
        const made = new MemoryLog(3, meter);
        const restore = (log: MemoryLog) => MemoryLog.restore(3, log.snapshot());
        const copy = verifySame(made, restore, operations, at, (log, operation, now) =>
          log.append(operation, retain, now),
        );
        expect(copy.snapshot()).toEqual(made.snapshot());
        expect(copy.bytes).toBe(made.bytes);
        expect([copy.heldBytes, meter.bytes]).toEqual([made.heldBytes, made.heldBytes]);
      }),
    );
  });

  it('a state, whose leases begin anew', () => {
    const bounds = { keys: 2, bytes: 1000, removals: 1 };
    fc.assert(
      fc.property(fc.array(fc.record(changes), { maxLength: 40 }), fc.nat({ max: 30 }), (operations, at) => {
        const meter = { bytes: 0 };
        const made = new MemoryState(3, bounds, 0, meter);
        const restore = (state: MemoryState) => MemoryState.restore(3, state.snapshot(), 0);
        const copy = verifySame(made, restore, operations, at, (state, operation, now) =>
          state.append(operation, bounds, now, 0),
        );
        expect(copy.snapshot()).toEqual(made.snapshot());
        const over = made.overdue(1000);
        expect(copy.overdue(1000)).toEqual(over);
        expect(copy.end(over, 0)).toEqual(made.end(over, 0));
        expect([copy.nextExpiry, copy.size, copy.bytes]).toEqual([Infinity, made.size, made.bytes]);
        expect([copy.heldBytes, meter.bytes]).toEqual([made.heldBytes, made.heldBytes]);
      }),
    );
  });
});

it('a lease that was moved or set since it was found to be over is not ended', () => {
  const bounds = { keys: 10, bytes: 1000, removals: 10 };
  const state = new MemoryState(3, bounds);
  const put = (key: string, ttlMs: number) => state.append({ key, payload: '1', ttlMs, holder: 'n' }, bounds, 0, 0);
  for (const key of ['moved', 'set', 'over', 'gone']) put(key, 5);
  const over = state.overdue(10);
  expect(over.map(([key]) => key)).toEqual(['moved', 'set', 'over', 'gone']);
  state.append({ key: 'moved', kind: 'touch', payload: '', ttlMs: 5, holder: 'n' }, bounds, 0, 10);
  put('set', 5);
  state.append({ key: 'gone', kind: 'delete', payload: '' }, bounds, 0, 0);
  expect(state.end(over, 0)).toMatchObject([{ key: 'over', kind: 'expire' }]);
  expect(state.end(over, 0)).toEqual([]);
});

it('a log says where it begins by its age, and hides what is older, before it is trimmed', () => {
  const log = new MemoryLog(3);
  for (const now of [0, 10, 20]) log.append({ payload: `${now}` }, { count: 10, bytes: 1000, ageMs: 15 }, now);
  expect([log.floor, log.floorAt(20), log.floorAt(30), log.floorAt(100)]).toEqual([1, 1, 2, 3]);
  expect(log.read({ after: 0, limit: 10 }, log.floorAt(30)).map(({ offset }) => offset)).toEqual([3]);
  expect(log.read({ limit: 10 }, log.floorAt(100))).toEqual([]);
  expect(log.top).toBe(3);
});

it('an id whose operation is too old is forgotten, whether or not somebody has read since', () => {
  const retain = { count: 10, bytes: 1000, ageMs: 15 };
  const [read, unread] = [new MemoryLog(3), new MemoryLog(3)];
  for (const log of [read, unread]) log.append({ payload: '1', id: 'i' }, retain, 0);
  read.trimExpired(20);
  for (const log of [read, unread])
    expect(log.append({ payload: '2', id: 'i' }, retain, 20)).toMatchObject({ offset: 2 });
});
