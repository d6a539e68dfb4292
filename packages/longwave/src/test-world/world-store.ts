import type { Bounds, MemoryStore, Store, Watcher } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import type { Host } from '@longwave/testkit/virtual';

interface Watch {
  readonly watcher: Watcher;
  end: () => void;
}

/** The store of all nodes of a world. It outlives them, and single channels of it can be lost. */
export class WorldStore {
  readonly #make: () => MemoryStore;
  readonly #first: MemoryStore;
  /** The stores of channels that were lost, each from that time on. */
  readonly #later = new Map<string, MemoryStore>();
  readonly #watches = new Map<string, Set<Watch>>();

  constructor(make: () => MemoryStore) {
    this.#make = make;
    this.#first = make();
  }

  /**
   * The channel is empty from now on, in another epoch, as after a disk was lost. Throws `RangeError` when nothing was written to it and
   * nobody watches it: the name is a slip of the pen.
   */
  lose(channel: string): void {
    const watches = this.#watches.get(channel);
    if (!watches && this.#bounds(channel).top === 0)
      throw new RangeError(`reset: '${channel}' has no history, and nobody is subscribed to it.`);
    const store = this.#make();
    this.#later.set(channel, store);
    for (const watch of watches ?? []) {
      watch.end();
      watch.end = store.watch(channel, watch.watcher);
      watch.watcher.learn(store.bounds(channel));
    }
  }

  /** The store as the node on `host` sees it, until the node is closed or killed. */
  forNode(host: Host): Store {
    let closed = false;
    const open = (): this => {
      if (!closed && !host.stopped) return this;
      throw new LongwaveError('closed', `${host.name} is down: take world.server anew, or another node.`);
    };
    return {
      durability: 'memory',
      announcements: 'reliable',
      append: (channel, operation, keep) => open().#of(channel).append(channel, operation, keep),
      compact: (channel, compaction) => open().#of(channel).compact(channel, compaction),
      read: (channel, query) => open().#of(channel).read(channel, query),
      bounds: (channel) => open().#bounds(channel),
      watch: (channel, watcher) =>
        open().#watch(channel, {
          // A node that was killed hears nothing.
          announce: (epoch, op) => host.run(() => watcher.announce(epoch, op)),
          learn: (bounds) => host.run(() => watcher.learn(bounds)),
        }),
      relay: {
        send: (topic, data) => {
          if (!closed && !host.stopped) this.#first.relay.send(topic, data);
        },
        listen: (topic, hear) => this.#first.relay.listen(topic, (data) => host.run(() => hear(data))),
      },
      expire: () => {
        for (const store of [this.#first, ...this.#later.values()]) store.expire();
      },
      close: () => {
        closed = true;
      },
    };
  }

  #of(channel: string): MemoryStore {
    return this.#later.get(channel) ?? this.#first;
  }

  #bounds(channel: string): Bounds {
    return this.#of(channel).bounds(channel);
  }

  #watch(channel: string, watcher: Watcher): () => void {
    const watches = this.#watches.get(channel) ?? new Set();
    this.#watches.set(channel, watches);
    const watch: Watch = { watcher, end: this.#of(channel).watch(channel, watcher) };
    watches.add(watch);
    return () => {
      watch.end();
      watches.delete(watch);
      if (watches.size === 0) this.#watches.delete(channel);
    };
  }
}
