import { type StateBounds, breakOf } from '@longwave/protocol';
import type { Keep, NewOperation } from '@longwave/core';
import { expect, it } from 'vitest';
import { type StoreFixture, useStore, wideBounds } from './store-fixture.js';

const nothing: Keep = { count: 0, bytes: 0, ageMs: 1000 };
const noRemovals: StateBounds = { ...wideBounds, removals: 0 };

/** Operations that come and go in a channel, which is empty then. */
const lives: readonly (readonly [string, readonly (readonly [NewOperation, Keep])[]])[] = [
  ['a log', [...Array<readonly [NewOperation, Keep]>(2).fill([{ payload: '1' }, nothing])]],
  [
    'state',
    [
      [{ key: 'x', payload: '1' }, noRemovals],
      [{ key: 'x', payload: '', kind: 'delete' }, noRemovals],
    ],
  ],
];

/** The contract of every store that forgets channels. */
export function forgettingContract(open: () => StoreFixture | Promise<StoreFixture>): void {
  const scene = useStore(open);

  for (const [kind, life] of lives) {
    it(`G3: ${kind} that was forgotten is another one, also to who stood at its start and missed all of it`, async ({
      skip,
    }) => {
      const { forget } = scene.fixture;
      if (!forget) return skip('The store forgets no channel.');
      const never = await scene.store.bounds('never');
      const before = new Set([(await scene.store.bounds('a')).epoch]);
      for (let round = 0; round < 3; round++) {
        for (const [i, [operation, keep]] of life.entries()) {
          const { epoch, offset } = await scene.append(operation, keep);
          expect(offset).toBe(i + 1);
          if (round > 0) {
            for (const known of before) {
              const broken = [0, 1, 2].map((position) => breakOf({ epoch: known, offset: position }, { epoch }));
              expect(broken).not.toContain(undefined);
            }
          }
          if (i === life.length - 1) before.add(epoch);
        }
        const { floor, top } = await scene.other.bounds('a');
        expect([floor, top]).toEqual([2, 2]);
        await forget('a');
        expect(await scene.other.bounds('a')).toMatchObject({ floor: 0, top: 0 });
      }
      // A reader that waits for the first operation of a channel that never was goes on waiting.
      const { epoch } = await scene.other.bounds('never');
      expect(breakOf({ epoch: never.epoch, offset: 0 }, { epoch })).toBeUndefined();
    });
  }
}
