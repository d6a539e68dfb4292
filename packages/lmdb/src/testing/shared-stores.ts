import type { Store } from '@longwave/core';
import type { storeContract } from '@longwave/testkit/contracts';
import { afterAll } from 'vitest';

type Open = Parameters<typeof storeContract>[1];
type StoreFixture = Awaited<ReturnType<Open>>;

/**
 * Stores that the tests of a file share: each test has channels of its own in them. A store starts a thread, which takes longer
 * than most tests. Gives for an opener one that opens a store once for each `key`; all are closed after the file.
 */
export function shareStores(): (key: string, open: Open) => Open {
  const opened = new Map<string, Promise<StoreFixture>>();
  let tests = 0;
  afterAll(async () => {
    for (const fixture of await Promise.all(opened.values())) {
      await fixture.store.close();
      await fixture.other?.close();
      await fixture.close?.();
    }
  });
  return (key, open) => async () => {
    if (!opened.has(key)) opened.set(key, Promise.resolve(open()));
    const { store, other, advance, forget } = await opened.get(key)!;
    const prefix = `test-${++tests}/`;
    return {
      store: within(prefix, store),
      ...(other && { other: within(prefix, other) }),
      ...(advance && { advance }),
      ...(forget && { forget: (channel: string) => forget(prefix + channel) }),
    };
  };
}

/** The channels of the store that begin with `prefix`, named without it. It stays open when this is closed. */
function within(prefix: string, store: Store): Store {
  return {
    durability: store.durability,
    announcements: store.announcements,
    append: (channel, ...rest) => store.append(prefix + channel, ...rest),
    ...(store.compact && { compact: (channel, compaction) => store.compact!(prefix + channel, compaction) }),
    read: (channel, query) => store.read(prefix + channel, query),
    bounds: (channel) => store.bounds(prefix + channel),
    watch: (channel, watcher) => store.watch(prefix + channel, watcher),
    ...(store.relay && { relay: store.relay }),
    expire: () => store.expire(),
    close: () => undefined,
  };
}
