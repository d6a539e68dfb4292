import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakOf, continueEpoch, isOutdated, lastShared } from './epoch.js';

describe('epochs', () => {
  const first = 'a';
  const second = continueEpoch(first, 100, 'b');
  const third = continueEpoch(second, 80, 'c');

  it('EPOCH-1: name what they went on from, the oldest first', () => {
    expect(second).toBe('a~100.b');
    expect(third).toBe('a~100.b~80.c');
  });

  it('EPOCH-2: continue who has nothing that they have not', () => {
    expect(breakOf({ epoch: first, offset: 100 }, { epoch: second })).toBeUndefined();
    expect(breakOf({ epoch: first, offset: 101 }, { epoch: second })).toBe('truncated');
    expect(breakOf({ epoch: second, offset: 101 }, { epoch: second })).toBeUndefined();
    expect(breakOf({ epoch: first, offset: 90 }, { epoch: third })).toBe('truncated');
    expect(breakOf({ epoch: second, offset: 80 }, { epoch: third })).toBeUndefined();
    expect(breakOf({ epoch: second, offset: 81 }, { epoch: third })).toBe('truncated');
    expect(breakOf({ epoch: 'x', offset: 0 }, { epoch: third })).toBe('epoch-changed');
    expect(breakOf({ epoch: second, offset: 5 }, { epoch: first })).toBeUndefined();
    expect(breakOf({ epoch: second, offset: 101 }, { epoch: first })).toBe('truncated');
  });

  it('SUB-4: continue a position of which they retain all that comes after, and no other', () => {
    const breaks = [9, 10, 20, 21].map((offset) =>
      breakOf({ epoch: first, offset }, { epoch: first, floor: 10, top: 20 }),
    );
    expect(breaks).toEqual(['trimmed', undefined, undefined, 'truncated']);
    // The floor and top of another log say nothing.
    expect(breakOf({ epoch: 'x', offset: 9 }, { epoch: first, floor: 10, top: 20 })).toBe('epoch-changed');
    expect(breakOf({ epoch: first, offset: 101 }, { epoch: second, floor: 200, top: 300 })).toBe('truncated');
    expect(breakOf({ epoch: first, offset: 100 }, { epoch: second, floor: 200, top: 300 })).toBe('trimmed');
  });

  it('know which went on from which, and up to where both are one', () => {
    expect([isOutdated(first, third), isOutdated(third, first), isOutdated(first, first)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([lastShared(third, first), lastShared(third, second), lastShared(first, first)]).toEqual([80, 80, Infinity]);
    expect(lastShared(first, 'x')).toBeUndefined();
  });

  it('EPOCH-2: of two that went on from the same one, one continues who has no more than that', () => {
    // The end of `b`, and with it that there was one, was lost.
    const [lost, now] = [continueEpoch(first, 6, 'b'), continueEpoch(first, 6, 'c')];
    expect(breakOf({ epoch: lost, offset: 6 }, { epoch: now })).toBeUndefined();
    expect(breakOf({ epoch: lost, offset: 7 }, { epoch: now })).toBe('truncated');
    expect(breakOf({ epoch: lost, offset: 5 }, { epoch: continueEpoch(first, 4, 'c') })).toBe('truncated');
    expect(breakOf({ epoch: lost, offset: 4 }, { epoch: continueEpoch(first, 4, 'c') })).toBeUndefined();
    expect([isOutdated(lost, now), isOutdated(now, lost)]).toEqual([false, false]);
  });

  it('EPOCH-1: forget what is long ago, and say so', () => {
    let epoch = first;
    for (let i = 0; i < 20; i++) epoch = continueEpoch(epoch, i, `n${i}`);
    expect(epoch.split('~')).toHaveLength(8);
    expect(breakOf({ epoch: first, offset: 0 }, { epoch })).toBe('epoch-changed');
    expect(breakOf({ epoch: 'n12', offset: 13 }, { epoch })).toBeUndefined();
    expect(breakOf({ epoch: 'n12', offset: 14 }, { epoch })).toBe('truncated');
  });

  it('EPOCH-2: agree with what was written to the logs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(10), fc.nat(10)), { maxLength: 7 }), (steps) => {
        // A log is the list of who wrote each operation; each step loses some of its end and goes on.
        const logs: { epoch: string; ops: readonly string[] }[] = [{ epoch: 'w', ops: ['w', 'w', 'w'] }];
        for (const [i, [lost, written]] of steps.entries()) {
          const before = logs.at(-1)!;
          const kept = before.ops.slice(0, Math.max(0, before.ops.length - lost));
          const added = Array.from({ length: written }, () => `w${i}`);
          logs.push({ epoch: continueEpoch(before.epoch, kept.length, `w${i}`), ops: [...kept, ...added] });
        }
        const now = logs.at(-1)!;
        for (const { epoch, ops } of logs) {
          for (let offset = 0; offset <= ops.length; offset++) {
            const broken = breakOf({ epoch, offset }, { epoch: now.epoch });
            const same = ops.slice(0, offset).every((writer, i) => now.ops[i] === writer);
            if (broken === undefined) expect(same).toBe(true);
            else expect(broken).toBe('truncated');
            // Never a needless one: what is gone was gone at some time, and others came in its place.
            const survived = logs
              .slice(logs.findIndex((log) => log.epoch === epoch) + 1)
              .every((log) => Number(/(\d+)\.[^~]*$/.exec(log.epoch)![1]) >= offset);
            expect(broken === undefined).toBe(survived);
          }
        }
      }),
    );
  });
});
