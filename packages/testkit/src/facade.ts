import type { Store } from '@longwave/core';

/** A store that does as `store` does, but for `changes`. */
export function facade(store: Store, changes: Partial<Store> = {}): Store {
  return {
    durability: store.durability,
    announcements: store.announcements,
    append: (channel, operation, keep) => store.append(channel, operation, keep),
    read: (channel, query) => store.read(channel, query),
    bounds: (channel) => store.bounds(channel),
    watch: (channel, watcher) => store.watch(channel, watcher),
    expire: () => store.expire(),
    ...(store.compact && { compact: (channel, compaction) => store.compact!(channel, compaction) }),
    ...(store.check && { check: () => store.check!() }),
    close: () => store.close(),
    ...changes,
  };
}
