import type { ChangeKind } from '@longwave/protocol';
import type { ConnectionInfo } from './authority.js';
import type { MaybePromise } from './maybe-promise.js';

/** A connection as hooks see it. */
export interface ConnectionContext {
  readonly user: string | undefined;
  readonly claims: unknown;
  readonly info: ConnectionInfo;
}

export interface PublishContext extends ConnectionContext {
  readonly channel: string;
  readonly params: Readonly<Record<string, string>>;
  /** What the schema made of the publisher's data. In a channel with state, what was sent: the schema checks what comes of it. */
  readonly data: unknown;
  /** In a channel with state: the entry, and what is to become of it. */
  readonly key?: string | undefined;
  readonly kind?: ChangeKind | undefined;
}

/** What an application may do at the turns of a connection. A hook that throws a `LongwaveError` refuses. */
export interface Hooks {
  connect?(connection: ConnectionContext): MaybePromise<void>;
  subscribe?(connection: ConnectionContext, channel: string): MaybePromise<void>;
  /** Returns the data to store instead, or undefined to leave it as it is. */
  publish?(context: PublishContext): unknown;
  disconnect?(connection: ConnectionContext): void;
}
