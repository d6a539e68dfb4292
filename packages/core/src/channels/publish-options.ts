/** Options of a publish by the server. */
export interface PublishOptions {
  /** Message id: a second publish with the same id stores nothing (PUB-3). */
  readonly id?: string;
  /** User in whose name the server publishes. Default: none. */
  readonly user?: string;
  /** True when this publish may have been stored before (PUB-4). */
  readonly retry?: boolean;
}

/** Options of a change to state by the server. */
export interface ChangeOptions extends PublishOptions {
  /** Version that the entry must have, 0 for no entry; otherwise the change fails with `conflict` (MAP-3). */
  readonly expect?: number;
  /** Milliseconds after its last change until the entry expires (MAP-4). Default: never. */
  readonly ttlMs?: number;
  /**
   * Number of the application's own state with this change. A change whose `at` is not above the loaded one is a
   * duplicate (STATE-6).
   */
  readonly at?: number;
}
