import type { Bounds, Compaction, Store } from '@longwave/core';
import { fromWords, wordsOf } from '../checking/document-ledger.js';
import { facade } from '../facade.js';
import type { PlantedBug } from './plant.js';

/** Bugs of documents and of their compaction. */
export const plantedDocumentBugs: readonly PlantedBug[] = [
  {
    name: 'compaction-forgets',
    story: 'one compaction in 5 leaves out the newest word',
    caughtBy: ['G1'],
    withinSeeds: 40,
    sabotage: {
      documents: (format, random) => ({
        ...format,
        compact(updates) {
          if (!random.chance(0.2)) return format.compact(updates);
          const words = new Set(updates.flatMap(({ payload }) => wordsOf(payload)));
          return fromWords([...words].slice(0, Math.max(1, words.size - 1)));
        },
      }),
    },
  },
  {
    name: 'compaction-one-too-far',
    story: 'a compaction takes the place of an operation that came after it was read',
    caughtBy: ['G1'],
    withinSeeds: 60,
    sabotage: withCompaction(async (store, channel, compaction) => {
      const further = { ...compaction, offset: compaction.offset + 1 };
      return (await store.compact!(channel, further)) || store.compact!(channel, compaction);
    }),
  },
  {
    name: 'compaction-in-the-place-before',
    story: 'a compaction stands where the log was trimmed, and whoever reads from the floor begins after it',
    caughtBy: ['liveness'],
    withinSeeds: 60,
    store: 'shared',
    sabotage: {
      store: (store) => {
        const compacted = new Map<string, number>();
        return facade(store, {
          compact(channel, compaction) {
            compacted.set(channel, compaction.offset);
            return store.compact!(channel, compaction);
          },
          bounds(channel) {
            const bounds = store.bounds(channel) as Bounds;
            const offset = compacted.get(channel);
            return offset === undefined || bounds.floor !== offset - 1 ? bounds : { ...bounds, floor: offset };
          },
        });
      },
    },
  },
];

function withCompaction(
  compact: (store: Store, channel: string, compaction: Compaction) => Promise<boolean>,
): PlantedBug['sabotage'] {
  return {
    store: (store) => facade(store, { compact: (channel, compaction) => compact(store, channel, compaction) }),
  };
}
