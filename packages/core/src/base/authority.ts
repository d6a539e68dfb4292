import type { ConnectionContext, ConnectionInfo, View } from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

export type { ConnectionInfo } from '@longwave/protocol';

/** The identity that a connection acts as. */
export interface Identity<Claims = unknown> {
  /** The user's name: in messages, in rights and as an address for direct messages. Undefined: anonymous. */
  readonly user?: string | undefined;
  /** Any data that the application wants at hand when it authorizes. */
  readonly claims?: Claims | undefined;
  /**
   * Milliseconds since the Unix epoch. The connection ends then, unless it is refreshed before (SES-6). Default: never.
   */
  readonly expiresAt?: number | undefined;
}

/**
 * An action that needs a right. `presence`: to be a member of the channel, which others see. `redact`: to take the data of messages in
 * a log that is `redactable` (RED-3).
 */
export type Action = 'subscribe' | 'publish' | 'history' | 'presence' | 'redact';

/** A right with a limit, or without one that it has otherwise. */
export interface Grant {
  /** Limits the identity to this part of a channel with state, whichever view it asks for (VIEW-7). */
  readonly view?: View;
  /** To `redact`: messages of everybody. `true` as the answer allows a user to redact their own alone (RED-3). */
  readonly anyAuthor?: true;
}

/** A request for a right. */
export interface AuthorizeContext<Claims = unknown> extends ConnectionContext<Claims> {
  readonly action: Action;
  readonly channel: string;
  /** Parameters of the channel's pattern by name: `{ room: 'lobby' }` for `chat/lobby` in `chat/:room`. */
  readonly params: Readonly<Record<string, string>>;
  /** To subscribe to a channel with state: the view that the client asks for (VIEW-1). Undefined: all of it. */
  readonly view?: View | undefined;
}

/** Decides who a client is and what it may do. */
export interface Authority {
  /** Returns the identity for a token. Throws `LongwaveError('unauthenticated')` to refuse. */
  authenticate(token: string | undefined, info: ConnectionInfo): MaybePromise<Identity>;
  /**
   * Tells whether a connection may do `action` in `channel`. A `Grant` allows it with a limit. Default: everything is allowed, but to
   * redact what others published.
   */
  authorize?(context: AuthorizeContext): MaybePromise<boolean | Grant>;
}

/** Lets everybody in as anonymous with all rights: for a first try, and for public feeds. */
export const openAuthority: Authority = {
  authenticate: () => ({}),
};
