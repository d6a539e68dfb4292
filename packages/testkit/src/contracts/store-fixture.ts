import type { Operation, StateBounds } from '@longwave/protocol';
import type { Appended, Keep, NewOperation, ReadQuery, Store } from '@longwave/core';
import { afterEach, beforeEach } from 'vitest';

export interface StoreFixture {
  readonly store: Store;
  /** The same logs as another node has them, where a store can be opened twice. Default: `store`. */
  readonly other?: Store;
  /** Makes the store's clock go on. Without it, what depends on a log's age is not tested, and what expires does so in real time. */
  readonly advance?: (byMs: number) => void | Promise<void>;
  /**
   * Makes the store let go of the channel, which is empty. `advance` has to be there or not be needed. Without it, what a store has
   * to say of a channel that it forgot is not tested.
   */
  readonly forget?: (channel: string) => void | Promise<void>;
  readonly close?: () => void | Promise<void>;
}

/** Bounds that no test meets by accident. */
export const wideBounds: StateBounds = { keys: 1000, bytes: 1e6, removals: 1000 };

interface Watched {
  readonly seen: readonly { readonly epoch: string; readonly op: Operation }[];
  readonly stop: () => void;
  /** Resolves when so many were announced. */
  until(count: number): Promise<void>;
}

/** The store of the test that runs, and what tests do with it. */
export interface StoreScene {
  readonly fixture: StoreFixture;
  readonly store: Store;
  readonly other: Store;
  /** To the channel `a`, with bounds of state that are wide, unless said otherwise. */
  append(operation: NewOperation, keep?: Keep, channel?: string): Promise<Appended>;
  /** Reads the channel `a`. */
  read(query: Partial<ReadQuery>): Promise<readonly Operation[]>;
  watch(channel?: string): Promise<Watched>;
  /** Lets time go by, and ends what is over. */
  expireAfter(ms: number): Promise<void>;
}

/** Opens a store before each test of the suite that calls it, and closes it afterwards. */
export function useStore(open: () => StoreFixture | Promise<StoreFixture>): StoreScene {
  let fixture: StoreFixture;
  beforeEach(async () => {
    fixture = await open();
  });
  afterEach(async () => {
    await fixture.store.close();
    if (fixture.other) await fixture.other.close();
    await fixture.close?.();
  });
  return {
    get fixture() {
      return fixture;
    },
    get store() {
      return fixture.store;
    },
    get other() {
      return fixture.other ?? fixture.store;
    },
    append: async (operation, keep = wideBounds, channel = 'a') => fixture.store.append(channel, operation, keep),
    read: async (query) => (await fixture.store.read('a', { limit: 1000, ...query })).ops,
    async watch(channel = 'a') {
      const seen: { epoch: string; op: Operation }[] = [];
      const arrivals: (() => void)[] = [];
      const stop = await fixture.store.watch(channel, {
        announce: (epoch, op) => {
          seen.push({ epoch, op });
          for (const arrived of arrivals.splice(0)) arrived();
        },
        learn: () => undefined,
      });
      const until = async (count: number): Promise<void> => {
        while (seen.length < count) await new Promise<void>((resolve) => arrivals.push(resolve));
      };
      return { seen, stop, until };
    },
    async expireAfter(ms) {
      if (fixture.advance) await fixture.advance(ms);
      else await new Promise((resolve) => setTimeout(resolve, ms));
      await fixture.store.expire();
    },
  };
}
