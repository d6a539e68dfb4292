import type { Payload } from '@longwave/protocol';

/** A publish as it is kept. */
export interface KeptPublish {
  /** The outbox that took it from the application: a page has one of its own each time it loads. */
  readonly lane: string;
  readonly channel: string;
  readonly messageId: string;
  readonly payload: Payload;
  /** When it was published, by the clock of the host: milliseconds since the Unix epoch. */
  readonly time: number;
}

/** Where an outbox keeps its publishes. All pages of an origin that give the same name share one. */
export interface OutboxStorage {
  /** Resolves with the key of what was added when it is kept. Keys rise. */
  add(publish: KeptPublish): Promise<number>;
  remove(key: number): Promise<void>;
  /** All that is kept, by rising keys. */
  list(): Promise<readonly (KeptPublish & { readonly key: number })[]>;
  close(): void;
}

/** Locks that all pages of an origin share, as `navigator.locks`. A page that goes loses its own. */
export interface OutboxLocks {
  /** Calls `hold` once nobody else has the lock, which lasts until its promise settles. Rejects when `signal` aborts before. */
  request(name: string, options: { readonly signal?: AbortSignal }, hold: () => Promise<void>): Promise<unknown>;
}
