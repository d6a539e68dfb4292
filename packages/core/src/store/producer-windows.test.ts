import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryWindows } from './memory-windows.js';
import { ProducerWindows, producersOfOneUser } from './producer-windows.js';

function setUp(maxProducers = 1000) {
  const table = new MemoryWindows({ bytes: 0 });
  const windows = new ProducerWindows(table, maxProducers);
  const record = (user: string | undefined, id: string, seq: number, offset = seq) =>
    windows.record(user, { id, seq }, offset);
  const find = (user: string | undefined, id: string, seq: number, retry = true) =>
    windows.find(user, { id, seq }, retry);
  return { table, windows, record, find };
}

describe('the window of a producer', () => {
  it('PUB-2: has the offset of each sequence, whatever order they came in', () => {
    const { record, find } = setUp();
    record('ada', 'p', 7, 1);
    record('ada', 'p', 9, 2);
    record('ada', 'p', 8, 3);
    expect([7, 8, 9, 10].map((seq) => find('ada', 'p', seq))).toEqual([1, 3, 2, 'new']);
  });

  it('PUB-11: is that of one user', () => {
    const { record, find } = setUp();
    record('ada', 'p', 1);
    expect(find('bob', 'p', 1)).toBe('new');
    expect(find(undefined, 'p', 1)).toBe('new');
  });

  it('PUB-8: holds the last 512; what fell out can no longer be told, retry or not', () => {
    const { record, find } = setUp();
    for (let seq = 1; seq <= 513; seq++) record('ada', 'p', seq);
    expect([1, 2, 513].map((seq) => find('ada', 'p', seq, false))).toEqual(['unknown', 2, 513]);
  });

  it('PUB-7: knows whether the publish before one is there', () => {
    const { windows, record } = setUp();
    const overtakes = (after?: number) => windows.overtakes('ada', { id: 'p', seq: 10, after });
    expect([overtakes(), overtakes(0), overtakes(3)]).toEqual([false, false, true]);
    record('ada', 'p', 1);
    record('ada', 'p', 3);
    expect([overtakes(1), overtakes(2), overtakes(3), overtakes(4)]).toEqual([false, true, false, true]);
  });

  it('PUB-8: counts as stored what is too old to be remembered', () => {
    const { windows, record } = setUp();
    for (let seq = 1; seq <= 600; seq++) record('ada', 'p', seq);
    expect(windows.overtakes('ada', { id: 'p', seq: 601, after: 5 })).toBe(false);
  });
});

describe('PUB-11: where all places are taken', () => {
  it('the anonymous client unused for longest gives way, before any user', () => {
    const { record, find } = setUp(3);
    record('ada', 'a', 1);
    record(undefined, 'x', 1);
    record(undefined, 'y', 1);
    record(undefined, 'x', 2);
    record('bob', 'b', 1);
    expect([find('ada', 'a', 1), find('bob', 'b', 1), find(undefined, 'x', 2)]).toEqual([1, 1, 2]);
    expect(find(undefined, 'y', 1)).toBe('unknown');
  });

  it('the user who has most gives way, with the producer unused for longest', () => {
    const { record, find } = setUp(4);
    record('ada', 'a', 1);
    for (const id of ['m1', 'm2']) record('mallory', id, 1);
    record('bob', 'b', 1);
    record('mallory', 'm1', 2);
    record('eve', 'e', 1);
    expect([find('ada', 'a', 1), find('bob', 'b', 1), find('eve', 'e', 1), find('mallory', 'm1', 2)]).toEqual([
      ...[1, 1, 1, 2],
    ]);
    expect(find('mallory', 'm2', 1)).toBe('unknown');
  });

  it('what is forgotten of a user concerns nobody else', () => {
    const { record, find } = setUp(10_000);
    for (let i = 0; i <= producersOfOneUser; i++) record('mallory', `m${i}`, 1000);
    expect(find('mallory', 'new one', 1000)).toBe('unknown');
    expect(find('mallory', 'new one', 1001)).toBe('new');
    expect(find('mallory', 'new one', 1000, false)).toBe('new');
    expect(find('ada', 'a', 1)).toBe('new');
  });

  it('half of them go when they are halved', () => {
    const { table, windows, record } = setUp();
    for (let i = 0; i < 9; i++) record(`u${i}`, 'p', 1);
    windows.halve();
    expect(table.counts.producers).toBe(4);
  });
});

const users = fc.constantFrom(undefined, 'ada', 'bob');
const publishes = fc.array(fc.tuple(users, fc.constantFrom('p', 'q', 'r'), fc.integer({ min: 1, max: 30 })), {
  maxLength: 60,
});

it('PUB-4, PUB-8: under any bound, a retry of a stored publish is never taken for new', () => {
  fc.assert(
    fc.property(publishes, fc.integer({ min: 1, max: 5 }), (all, maxProducers) => {
      const { table, windows } = setUp(maxProducers);
      const stored = new Map<string, number>();
      for (const [i, [user, id, seq]] of all.entries()) {
        const name = `${user} ${id} ${seq}`;
        const found = windows.find(user, { id, seq }, true);
        if (stored.has(name)) expect([stored.get(name), 'unknown']).toContain(found);
        else expect(typeof found).toBe('string');
        if (found === 'new') {
          windows.record(user, { id, seq }, i);
          stored.set(name, i);
        }
        expect(table.counts.producers).toBeLessThanOrEqual(maxProducers);
      }
    }),
  );
});
