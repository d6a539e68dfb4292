import type { LongwaveError } from '@longwave/protocol';
import type { TransportReason } from './ladder.js';

/** Where the client stands. Times are milliseconds of the {@link Clock}. */
export type ConnectionState =
  /** Asking for the token, opening the link, or waiting for the server's `connected`. */
  | { readonly status: 'connecting'; readonly attempt: number }
  | {
      readonly status: 'connected';
      /** The node that serves this connection. */
      readonly node: string;
      /** Who the server says we are. */
      readonly user: string | undefined;
      readonly transport: string;
      readonly why: TransportReason;
      readonly since: number;
      /** The host says that it is offline: whether the connection stands nevertheless is known within 5 s. */
      readonly offline?: true | undefined;
    }
  /** Between two attempts. */
  | {
      readonly status: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      /** Why there is no connection, where it is known. */
      readonly error: LongwaveError | undefined;
    }
  /**
   * For good: after `close()`, or because of `error` (CLI-2). But for `unauthenticated` where `token` is a function: then
   * `reconnect()` goes on with another token (CLI-9).
   */
  | { readonly status: 'closed'; readonly error: LongwaveError | undefined };
