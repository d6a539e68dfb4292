import type { ChangeKind, Code, ConnectionContext, View } from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

export type { ConnectionContext } from '@longwave/protocol';

/** A connection that asks for something on a channel. */
interface ChannelContext<Claims> extends ConnectionContext<Claims> {
  readonly channel: string;
  /** Parameters of the channel's pattern by name: `{ room: 'lobby' }` for `chat/lobby` in `chat/:room`. */
  readonly params: Readonly<Record<string, string>>;
}

/** Facts for the hook `subscribe`: who subscribes to which channel, and to which view of it. */
export interface SubscribeContext<Claims = unknown> extends ChannelContext<Claims> {
  /** The view that the client asks for, of a channel with state (VIEW-1). Undefined: all of it. */
  readonly view?: View | undefined;
}

/** Facts for the hook `publish`: who publishes which data to which channel. */
export interface PublishContext<Claims = unknown> extends ChannelContext<Claims> {
  /** The publisher's data after the schema. In a channel with state, the data as sent: the schema checks the result of the change. */
  readonly data: unknown;
  /** In a channel with state: the entry. */
  readonly key?: string | undefined;
  /** In a channel with state: what is to become of the entry. */
  readonly kind?: ChangeKind | undefined;
}

/** Facts for the hook `call`: the caller, the method, and the input after its schema. */
export interface CallHookContext<Claims = unknown> extends ConnectionContext<Claims> {
  readonly method: string;
  /** The input after the schema. */
  readonly input: unknown;
}

/** Facts for the hook `enter`: who becomes a member of a channel, and with which data. */
export interface EnterContext<Claims = unknown> extends ChannelContext<Claims> {
  /** The member's data, after the schema. */
  readonly data: unknown;
  readonly away: boolean;
}

/** Facts for the hook `expiring`: the connection whose identity is about to end, and when. */
export interface ExpiringContext<Claims = unknown> extends ConnectionContext<Claims> {
  /** Milliseconds until the connection ends with `unauthenticated`. */
  readonly expiresInMs: number;
}

/** Facts for the hook `disconnect`: the connection that has ended, why, and how long it lasted. */
export interface DisconnectContext<Claims = unknown> extends ConnectionContext<Claims> {
  /**
   * Why the connection ended: the code with which the server ended it, such as `superseded`, `timeout` or `disconnected`. `closed`
   * where the client closed it or its link broke, and where a request was answered.
   */
  readonly reason: Code;
  /** Milliseconds since the connection was accepted. */
  readonly durationMs: number;
}

/**
 * Functions of the application that are called at the steps of a connection. A hook that throws a `LongwaveError` refuses,
 * and the client is told its code and message; another error refuses with `internal`, and is logged. A promise is awaited.
 *
 * @example
 * ```ts
 * const audit: Hooks = {
 *   connect: ({ connection, user }) => console.log(connection.id, user),
 *   subscribe({ user, params }) {
 *     if (params['room'] === 'staff' && user !== 'ada') throw new LongwaveError('forbidden', 'Staff only.');
 *   },
 *   disconnect: ({ connection, reason, durationMs }) => console.log(connection.id, reason, durationMs),
 * };
 * ```
 */
export interface Hooks<Claims = unknown> {
  /** Runs when a client was authenticated, before it is connected; over HTTP requests, for each request. */
  connect?(context: ConnectionContext<Claims>): MaybePromise<void>;
  /** Runs when a client may subscribe to a channel, before it does. */
  subscribe?(context: SubscribeContext<Claims>): MaybePromise<void>;
  /** Runs before a publish is stored. Returns the data to store instead, or undefined to store them as they are. */
  publish?(context: PublishContext<Claims>): unknown;
  /** Runs before the method of `calls` does. */
  call?(context: CallHookContext<Claims>): MaybePromise<void>;
  /** Runs before somebody becomes a member of a channel, or changes what they say of themselves (PRES-1). */
  enter?(context: EnterContext<Claims>): MaybePromise<void>;
  /**
   * Runs once when an identity is about to end and was not renewed: 30 s before `expiresAt`, or a quarter of its time if that is less
   * (SES-18). A client that has a `token` function renews earlier, so this is about one that cannot: tell its user. It
   * refuses nothing.
   */
  expiring?(context: ExpiringContext<Claims>): MaybePromise<void>;
  /** Runs once when a connection for which `connect` was called has ended. */
  disconnect?(context: DisconnectContext<Claims>): void;
}
