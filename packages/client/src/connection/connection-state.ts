import type { LongwaveError } from '@longwave/protocol';
import type { TransportReason } from './transport-fallback.js';

/** The state of a client's connection. Times are milliseconds of the {@link Clock}. */
export type ConnectionState =
  /** The client asks for the token, opens a link, or waits for the server's `connected`. `attempt` counts from 1. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | {
      readonly status: 'connected';
      /** The node that serves this connection. */
      readonly node: string;
      /** The user that the server authenticated; undefined for an anonymous connection. */
      readonly user: string | undefined;
      /** Name of the transport in use. */
      readonly transport: string;
      readonly why: TransportReason;
      readonly since: number;
      /**
       * Set while the host says that it is offline; within 5 s the client finds out whether the connection works
       * nevertheless.
       */
      readonly offline?: true | undefined;
    }
  /** The client waits for the next attempt, at `retryAt`. */
  | {
      readonly status: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      /** Why there is no connection, if known. */
      readonly error: LongwaveError | undefined;
    }
  /**
   * The client is closed for good, after `close()` or because of `error` (CLI-2). The exception is `unauthenticated`
   * unless `token` is a text: `reconnect()`, after a login, asks for another token or sends the new cookie, and goes on (CLI-9).
   */
  | { readonly status: 'closed'; readonly error: LongwaveError | undefined };
