import type { Duration } from '../values/duration.js';

/** Options of a publish, the same on a client and on the server. */
export interface PublishOptions {
  /** Message id. A publish with the same id by the same user, from any client, is stored once (PUB-3). */
  readonly id?: string;
}

/** Options of a change to state, the same on a client and on the server. */
export interface ChangeOptions extends PublishOptions {
  /** Version that the entry must have, 0 for no entry. Rejects with `conflict` when it has another (MAP-3). */
  readonly expect?: number;
  /** Time after its last change until the entry expires, such as `'30s'` or milliseconds (MAP-4). Default: never. */
  readonly ttl?: Duration;
}

/** The part of a log that is read, the same on a client and on the server. Default: its newest messages. */
export interface HistoryOptions {
  /** Exclusive upper offset: the page holds the newest messages below it. */
  readonly before?: number;
  /** Exclusive lower offset: the page holds the oldest messages above it. */
  readonly after?: number;
  /**
   * Only messages stored at this time or later, in milliseconds since the Unix epoch: the page holds the oldest of them
   * (HIS-3). `meta.time` is such a time.
   */
  readonly since?: number;
  /**
   * Only messages stored before this time: the page holds the newest of them, or with `since` or `after` the oldest. To
   * read on, give `before` or `after` as well, until a page is empty.
   */
  readonly until?: number;
  /** Messages a page, at most 1,000. Default 100. */
  readonly limit?: number;
  /** Epoch that the log must have: in any other the request rejects with `epoch-changed`. */
  readonly epoch?: string;
}
