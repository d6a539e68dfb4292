import type { Client } from 'longwave/client';
import { type KeptOutbox, type KeptPublish, type OutboxStorage, openOutbox } from 'longwave/client/persist';
import type { GalleryChannels } from '../../../shared/channels.js';
import { createStore } from '../../lib/store.js';

/**
 * Keeps publishes beyond the life of a page, in memory: a browser uses IndexedDB. Every page but the last one to ask is
 * gone.
 */
export function createKeptPublishes() {
  const records = createStore<ReadonlyMap<number, KeptPublish>>(new Map());
  let next = 1;
  const storage: OutboxStorage = {
    add: async (publish) => {
      const key = next++;
      records.set((before) => new Map(before).set(key, publish));
      return key;
    },
    remove: async (key) => records.set((before) => new Map([...before].filter(([other]) => other !== key))),
    list: async () => [...records.get()].map(([key, record]) => ({ ...record, key })),
    close: () => undefined,
  };
  return {
    records,
    /** The outbox of a page that has just loaded. */
    open: (client: Client<GalleryChannels>): KeptOutbox =>
      openOutbox(client, { name: 'test', storage, locks: { request: (_, __, hold) => hold() } }),
  };
}
