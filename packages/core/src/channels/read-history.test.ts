import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation } from '@longwave/protocol';
import { MemoryStore } from '../store/memory-store.js';
import { type HistoryRange, readHistory, readsForward } from './read-history.js';

const retain = { count: 40, bytes: Infinity, ageMs: Infinity };

/** A log whose operations were stored at these times. */
function storeOf(times: readonly number[]) {
  let now = 0;
  const store = new MemoryStore({ clock: { now: () => now }, makeId: () => 'epoch' });
  for (const time of times) {
    now = time;
    void store.append('a', { payload: `${time}` }, retain);
  }
  return store;
}

/** Looks at each operation. */
function model(all: readonly Operation[], range: HistoryRange, limit: number): readonly number[] {
  const { after = 0, before = Infinity, since = 0, until = Infinity } = range;
  const isForward = readsForward(range);
  const fits = all.filter(
    // Of `after` and `before` together `after` counts (HIS-1).
    ({ offset, time }) => offset > after && (isForward || offset < before) && time >= since && time < until,
  );
  const offsets = fits.map(({ offset }) => offset);
  return isForward ? offsets.slice(0, limit) : offsets.slice(-limit);
}

const maybe = (max: number) => fc.option(fc.nat({ max }), { nil: undefined });

describe('HIS-3: history by time', () => {
  it('gives what lies between, the oldest with `since` or `after` and otherwise the newest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 9 }), { maxLength: 60 }),
        fc.record({ after: maybe(70), before: maybe(70), since: maybe(300), until: maybe(300) }),
        fc.integer({ min: 1, max: 50 }),
        async (steps, range, limit) => {
          let time = 0;
          const store = storeOf(steps.map((step) => (time += step)));
          const { ops: all } = store.read('a', { limit: Infinity }) as { ops: readonly Operation[] };
          const page = await readHistory(store, 'a', range, limit);
          // A page that ends at `until` may have had room for fewer than fit; here it has room for all.
          expect(page.ops.map(({ offset }) => offset)).toEqual(model(all, range, limit));
        },
      ),
    );
  });

  it('finds it by few reads', async () => {
    const store = storeOf(Array.from({ length: 40 }, (_, i) => i));
    let reads = 0;
    const counting = {
      bounds: (channel: string) => store.bounds(channel),
      read: (...args: Parameters<MemoryStore['read']>) => {
        reads++;
        return store.read(...args);
      },
    };
    const page = await readHistory(counting, 'a', { since: 17 }, 2);
    expect(page.ops.map(({ time }) => time)).toEqual([17, 18]);
    expect(reads).toBeLessThanOrEqual(7);
  });

  it('comes to an end where the log is trimmed meanwhile', async () => {
    const store = storeOf(Array.from({ length: 40 }, (_, i) => i));
    let reads = 0;
    const trimming = {
      bounds: (channel: string) => store.bounds(channel),
      read: (...args: Parameters<MemoryStore['read']>) => {
        if (reads++ === 0) for (let i = 0; i < 30; i++) void store.append('a', { payload: '' }, retain);
        return store.read(...args);
      },
    };
    const { ops } = await readHistory(trimming, 'a', { since: 5 }, 1);
    expect(ops.map(({ time }) => time)).toEqual([30]);
  });
});
