import type { ChangeKind } from '@longwave/protocol';
import type { ConnectionInfo } from './authority.js';
import type { MaybePromise } from './maybe-promise.js';

/** A connection as hooks see it. */
export interface ConnectionContext {
  readonly user: string | undefined;
  readonly claims: unknown;
  readonly info: ConnectionInfo;
}

/** A publish as the hook sees it. */
export interface PublishContext extends ConnectionContext {
  readonly channel: string;
  readonly params: Readonly<Record<string, string>>;
  /**
   * The publisher's data after the schema. In a channel with state, what was sent: the schema checks what comes of it.
   */
  readonly data: unknown;
  /** In a channel with state: the entry, and what is to become of it. */
  readonly key?: string | undefined;
  readonly kind?: ChangeKind | undefined;
}

/**
 * Functions of the application that run at the events of a connection. A hook that throws a `LongwaveError` refuses.
 */
export interface Hooks {
  /** Runs when a client was authenticated, before it is connected. */
  connect?(connection: ConnectionContext): MaybePromise<void>;
  /** Runs when a client may subscribe to `channel`, before it does. */
  subscribe?(connection: ConnectionContext, channel: string): MaybePromise<void>;
  /** Runs before a publish is stored. Returns the data to store instead, or undefined to store them as they are. */
  publish?(context: PublishContext): unknown;
  /** Runs once when a connection for which `connect` was called has ended. */
  disconnect?(connection: ConnectionContext): void;
}
