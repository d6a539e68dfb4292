import type { Operation } from '@longwave/protocol';
import type { Identity } from '../base/authority.js';
import type {
  Appended,
  Bounds,
  Compaction,
  Keep,
  NewOperation,
  ReadQuery,
  Relay,
  Store,
  StoredPage,
  Watcher,
} from '../base/ports.js';
import { type MaybePromise, chain } from '../base/maybe-promise.js';

/**
 * A message id within those of whoever publishes (PUB-10): a user's, one anonymous client's, or the back end's. Without
 * it whoever guesses an id could make another's publish a repeated one, which is not stored.
 */
export function scopedId(id: string, { user }: Identity, clientName: () => string): string {
  if (user !== undefined) return `u:${id}`;
  // Not the client's own id, which is a secret: who can read the store need not know it.
  const name = clientName();
  return `a${name.length}:${name}${id}`;
}

/** Id of one of the server's own publishes, whichever user it is made for. */
export function serverId(id: string): string {
  return `s:${id}`;
}

/** The id as its publisher gave it. One that has no scope was stored before there were any. */
export function unscoped(id: string): string {
  const [, kind, length = ''] = /^([usa])(\d{0,3}):/.exec(id) ?? [];
  if (kind === undefined) return id;
  const name = kind === 'a' ? Number(length) : 0;
  return id.slice(kind.length + length.length + 1 + name);
}

function restored(op: Operation): Operation {
  return op.id === undefined ? op : { ...op, id: unscoped(op.id) };
}

/**
 * A store whose operations have their message ids back when they come out of it; what goes in is scoped by the one who
 * publishes. It has the optional methods as well: one that it lacked would be hidden.
 */
export class ScopedStore implements Required<Store> {
  readonly #store: Required<Store>;

  constructor(store: Required<Store>) {
    this.#store = store;
  }

  get durability(): Store['durability'] {
    return this.#store.durability;
  }

  get announcements(): Store['announcements'] {
    return this.#store.announcements;
  }

  append(channel: string, operation: NewOperation, keep: Keep): MaybePromise<Appended> {
    return this.#store.append(channel, operation, keep);
  }

  compact(channel: string, compaction: Compaction): MaybePromise<boolean> {
    return this.#store.compact(channel, compaction);
  }

  read(channel: string, query: ReadQuery): MaybePromise<StoredPage> {
    return chain(this.#store.read(channel, query), (page) =>
      page.ops.some(({ id }) => id !== undefined) ? { ...page, ops: page.ops.map(restored) } : page,
    );
  }

  bounds(channel: string): MaybePromise<Bounds> {
    return this.#store.bounds(channel);
  }

  watch(channel: string, watcher: Watcher): MaybePromise<() => void> {
    return this.#store.watch(channel, {
      announce: (epoch, op) => watcher.announce(epoch, restored(op)),
      learn: (bounds) => watcher.learn(bounds),
    });
  }

  expire(): MaybePromise<void> {
    return this.#store.expire();
  }

  check(): MaybePromise<void> {
    return this.#store.check();
  }

  get relay(): Relay {
    return this.#store.relay;
  }

  close(): MaybePromise<void> {
    return this.#store.close();
  }
}
