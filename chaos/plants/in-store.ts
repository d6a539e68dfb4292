import { type Appended, type Keep, MemoryStore, type NewOperation, type Store, type Watcher } from '@longwave/core';
import { facade } from '@longwave/testkit';
import { LongwaveError } from '@longwave/protocol';
import type { BugName } from './bugs.js';

type Append = Store['append'];

const plants: Partial<Record<BugName, (store: Store) => Store>> = {
  'duplicate-on-retry': (store) =>
    withAppend(
      store,
      everyNth(200, storeAndFail(store), (channel, operation, keep) =>
        store.append(channel, forgetful(operation), keep),
      ),
    ),
  'ack-before-append': (store) => withAppend(store, everyNth(1000, ackOnly(store), appendTo(store))),
  'dedupe-off': (store) =>
    withAppend(store, (channel, operation, keep) => store.append(channel, anonymous(operation), keep)),
  'wrong-channel': (store) =>
    withAppend(
      store,
      // Publishers go round the channels: in step with them, each 100th may be the same one's.
      everyNth(
        100,
        (channel, operation, keep) => store.append(channel === 'log/l0' ? 'log/l1' : 'log/l0', operation, keep),
        appendTo(store),
      ),
    ),
  'redaction-without-effect': (store) =>
    withAppend(store, (channel, operation, keep) => store.append(channel, { ...operation, redacts: undefined }, keep)),
  'ack-without-folder': (store) => withAppend(store, ackWhatFails(store)),
  'old-name-after-deletion': (store) => withEpoch(store, 'always-the-same'),
  'ignore-epoch': (store) => withEpoch(store, 'always-the-same'),
  'lose-tail-silently': () => new ForgetfulStore(1500),
};

/** The store with a bug, or as it is. Only logs are touched: channels with state have checks of their own. */
export function plantInStore(store: Store, bug: BugName | undefined): Store {
  return (bug && plants[bug]?.(store)) ?? store;
}

/** In place of each `n`th append to a log. */
function everyNth(n: number, instead: Append, usual: Append): Append {
  const seen = { count: 0 };
  return (channel, operation, keep) =>
    (isLog(channel) && ++seen.count % n === 0 ? instead : usual)(channel, operation, keep);
}

function appendTo(store: Store): Append {
  return (channel, operation, keep) => store.append(channel, operation, keep);
}

function isLog(channel: string): boolean {
  return channel.startsWith('log/');
}

function withAppend(store: Store, append: Append): Store {
  return facade(store, { append });
}

function anonymous(operation: NewOperation): NewOperation {
  return { ...operation, producer: undefined, id: undefined };
}

/** The retry is not known as one. */
function forgetful(operation: NewOperation): NewOperation {
  return operation.retry ? anonymous(operation) : operation;
}

function storeAndFail(store: Store): Append {
  return async (channel, operation, keep) => {
    await store.append(channel, operation, keep);
    throw new Error('planted: the connection to the store broke before it answered');
  };
}

function ackOnly(store: Store): Append {
  return async (channel): Promise<Appended> => {
    const { epoch, top } = await store.bounds(channel);
    return { epoch, offset: top + 1, duplicate: false };
  };
}

function ackWhatFails(store: Store): Append {
  const last = new Map<string, Appended>();
  return async (channel, operation, keep) => {
    try {
      const appended = await store.append(channel, operation, keep);
      last.set(channel, appended);
      return appended;
    } catch (error) {
      const before = last.get(channel);
      if (!before || !(error instanceof LongwaveError) || error.code !== 'unavailable') throw error;
      const next = { ...before, offset: before.offset + 1, duplicate: false };
      last.set(channel, next);
      return next;
    }
  };
}

function withEpoch(store: Store, epoch: string): Store {
  return facade(store, {
    append: async (channel, operation, keep) => ({ ...(await store.append(channel, operation, keep)), epoch }),
    read: async (channel, query) => ({ ...(await store.read(channel, query)), epoch }),
    bounds: async (channel) => ({ ...(await store.bounds(channel)), epoch }),
    watch: (channel, watcher) =>
      store.watch(channel, {
        announce: (_epoch, op) => watcher.announce(epoch, op),
        learn: (bounds) => watcher.learn({ ...bounds, epoch }),
      }),
  });
}

/** After so many appends it is replaced by a copy of its logs that lacks the end of each. */
class ForgetfulStore implements Store {
  readonly durability = 'memory';
  readonly announcements = 'reliable';
  readonly #keeps = new Map<string, Keep>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #epoch = crypto.randomUUID();
  readonly #after: number;
  #inner = this.#open();
  #appends = 0;

  constructor(after: number) {
    this.#after = after;
  }

  append(channel: string, operation: NewOperation, keep: Keep): Appended {
    this.#keeps.set(channel, keep);
    if (++this.#appends === this.#after) this.#failOver();
    return this.#inner.append(channel, operation, keep);
  }

  compact(...args: Parameters<MemoryStore['compact']>): boolean {
    return this.#inner.compact(...args);
  }

  read(...args: Parameters<MemoryStore['read']>): ReturnType<MemoryStore['read']> {
    return this.#inner.read(...args);
  }

  bounds(channel: string): ReturnType<MemoryStore['bounds']> {
    return this.#inner.bounds(channel);
  }

  watch(channel: string, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(channel) ?? new Set();
    this.#watchers.set(channel, watchers.add(watcher));
    this.#inner.watch(channel, watcher);
    return () => void watchers.delete(watcher);
  }

  expire(): void {
    this.#inner.expire();
  }

  close(): void {
    this.#inner.close();
  }

  #open(): MemoryStore {
    return new MemoryStore({ clock: { now: () => Date.now() }, makeId: () => this.#epoch });
  }

  #failOver(): void {
    const old = this.#inner;
    this.#inner = this.#open();
    for (const [channel, keep] of this.#keeps) {
      const { ops } = old.read(channel, { limit: Infinity });
      for (const { payload, key } of isLog(channel) ? ops.slice(0, -3) : ops) {
        this.#inner.append(channel, { payload, key }, keep);
      }
    }
    for (const [channel, watchers] of this.#watchers) {
      for (const watcher of watchers) this.#inner.watch(channel, watcher);
    }
  }
}
