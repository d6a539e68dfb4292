import type { View } from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

/** The identity that a connection acts as. */
export interface Identity {
  /** The user's name: in messages, in rights and as an address for direct messages. Undefined: anonymous. */
  readonly user?: string | undefined;
  /** Any data that the application wants at hand when it authorizes. */
  readonly claims?: unknown;
  /**
   * Milliseconds since the Unix epoch. The connection ends then, unless it is refreshed before (SES-6). Default: never.
   */
  readonly expiresAt?: number | undefined;
}

/** Facts about the request that opened a connection. */
export interface ConnectionInfo {
  readonly transport: string;
  /** Address of the peer. It may be looked up on first use, and is undefined if the peer has gone by then. */
  readonly remoteAddress?: string | undefined;
  /**
   * Headers of the request. Any may be absent or hostile. They are present while the connection is made, and empty
   * later, at a refresh and in hooks: keep the parts that you need in `claims`.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Returns the facts that are kept for as long as the connection lasts. Default: a copy. */
  withoutHeaders?(): ConnectionInfo;
}

/** An action that needs a right. `presence`: to be a member of the channel, which others see. */
export type Action = 'subscribe' | 'publish' | 'history' | 'presence';

/** A right with a limit. */
export interface Grant {
  /** Limits the identity to this part of a channel with state, whichever view it asks for (VIEW-7). */
  readonly view: View;
}

/** Decides who a client is and what it may do. */
export interface Authority {
  /** Returns the identity for a token. Throws `LongwaveError('unauthenticated')` to refuse. */
  authenticate(token: string | undefined, info: ConnectionInfo): MaybePromise<Identity>;
  /**
   * Tells whether an identity may do `action` in `channel`, whose pattern gave `params`. A `Grant` allows it with a
   * limit.
   */
  authorize(
    identity: Identity,
    action: Action,
    channel: string,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<boolean | Grant>;
}

/** Lets everybody in as anonymous with all rights: for a first try, and for public feeds. */
export const openAuthority: Authority = {
  authenticate: () => ({}),
  authorize: () => true,
};
