import type { View } from '@longwave/protocol';
import type { MaybePromise } from './maybe-promise.js';

/** Who a connection speaks for. */
export interface Identity {
  /** Names the user in messages, in rights and for direct messages. Undefined: anonymous. */
  readonly user?: string | undefined;
  /** Whatever the application wants at hand when it authorizes. */
  readonly claims?: unknown;
  /** Milliseconds since the Unix epoch; after it the connection ends unless refreshed (SES-6). */
  readonly expiresAt?: number | undefined;
}

/** What a transport knows of the request that opened a connection. */
export interface ConnectionInfo {
  readonly transport: string;
  /** May be looked up when it is first asked for: undefined where that is after the peer has gone. */
  readonly remoteAddress?: string | undefined;
  /**
   * Any may be absent or hostile. They are at hand while the connection is made; later, at a refresh and in hooks, there
   * are none: what the application wants of them it keeps in `claims`.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What is kept for as long as the connection lasts. Default: a copy. */
  withoutHeaders?(): ConnectionInfo;
}

/** `presence`: to be a member of the channel, which others see. */
export type Action = 'subscribe' | 'publish' | 'history' | 'presence';

/** A right with a limit. */
export interface Grant {
  /** All that the identity may see of a channel with state, whatever it asks for (VIEW-7). */
  readonly view: View;
}

export interface Authority {
  /** Throws `LongwaveError('unauthenticated')` to refuse. */
  authenticate(token: string | undefined, info: ConnectionInfo): MaybePromise<Identity>;
  authorize(
    identity: Identity,
    action: Action,
    channel: string,
    params: Readonly<Record<string, string>>,
  ): MaybePromise<boolean | Grant>;
}

/** Everybody is anonymous and may do everything: for a first try, and for public feeds. */
export const openAuthority: Authority = {
  authenticate: () => ({}),
  authorize: () => true,
};
