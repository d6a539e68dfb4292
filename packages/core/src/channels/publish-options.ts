export interface PublishOptions {
  /** A message id: publishing it again stores nothing (PUB-3). */
  readonly id?: string;
  /** The user in whose name it is published. */
  readonly user?: string;
  /** This publish may have been stored before (PUB-4). */
  readonly retry?: boolean;
}

export interface ChangeOptions extends PublishOptions {
  /** The version the entry must have, 0 for none; otherwise `conflict` (MAP-3). */
  readonly expect?: number;
  /** The entry expires so many milliseconds after its last change (MAP-4). */
  readonly ttlMs?: number;
  /** Where the application's own state stands with it: what was loaded already is a duplicate (STATE-6). */
  readonly at?: number;
}
