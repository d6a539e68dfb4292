import { type ChangeOptions, type PublishOptions, readDuration } from '@longwave/protocol';
import type { ChangeMeta } from './publisher.js';
import { serverId } from './scoped-ids.js';

/** Options of a publish by the server. */
export interface ServerPublishOptions extends PublishOptions {
  /** User in whose name the server publishes. Default: none. */
  readonly user?: string;
  /** True when this publish may have been stored before (PUB-4). */
  readonly retry?: boolean;
  /**
   * The offset that the newest message of a log must have, 0 for an empty log (LOG-4), or the version that an entry must have (MAP-3).
   * Rejects with `conflict` when it has another.
   */
  readonly expect?: number;
}

/** Options of a change to state by the server. */
export interface ServerChangeOptions extends ChangeOptions, ServerPublishOptions {
  /**
   * Number of the application's own state with this change. A change whose `at` is not above the loaded one is a
   * duplicate (STATE-6).
   */
  readonly at?: number;
}

/** The options as the publisher takes them: the id is one of the server's own, times are milliseconds. */
export function asServer(options: ServerChangeOptions): ChangeMeta {
  const { id, ttl, ...meta } = options;
  return {
    ...meta,
    ...(id !== undefined && { id: serverId(id) }),
    ...(ttl !== undefined && { ttlMs: readDuration(ttl) }),
  };
}
