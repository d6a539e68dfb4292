import type { ClientCodec } from '@longwave/protocol';
import type { Clock, Diagnostic, Environment, Transport } from './ports.js';

export type TransportName = 'websocket' | 'stream' | 'poll';

export interface ReconnectOptions {
  /** The first delay is a random part of this. Default 250. */
  readonly minDelayMs?: number;
  /** No delay of the client's own choice is longer. Default 20,000, and 5,000 for the first 15 failures in a row. */
  readonly maxDelayMs?: number;
}

export interface OutboxOptions {
  /** Publishes not yet acknowledged. Default 1,000. */
  readonly count?: number;
  /** Their encoded bytes. Default 4 MiB. */
  readonly bytes?: number;
}

export interface ClientOptions {
  /**
   * Who connects, as the server's `authenticate` understands it. A function is asked anew for each
   * connection and ahead of the expiry. When it fails or hangs, that counts as a failed attempt; a
   * `LongwaveError` whose advice is `give-up` or `fix` closes the client.
   */
  readonly token?: string | (() => string | Promise<string>);
  /** Default `json`; the other is {@link binaryCodec}, which a page loads only if it uses it. */
  readonly codec?: 'json' | ClientCodec;
  /** Path of the endpoint on the server. Default: `/longwave` below the path of the URL. */
  readonly path?: string;
  readonly reconnect?: ReconnectOptions;
  /** Limit for one attempt, from asking for the token to the server's answer. Default 10,000. */
  readonly connectTimeoutMs?: number;
  readonly outbox?: OutboxOptions;
  /** Asks the server to send no more than this on average; what channels with state miss by it is merged (VIEW-8). Default: no limit. */
  readonly bytesPerSecond?: number;
  /**
   * How to reach the server. `auto`, the default, begins with a WebSocket, turns to an HTTP stream or to long polling where
   * that does not get through, and goes back when it does (CLI-7, CLI-8). A name or a transport is used and no other; of a
   * list, the best comes first.
   */
  readonly transport?: TransportName | 'auto' | Transport | readonly Transport[];
  readonly clock?: Clock;
  /** Default `Math.random`. */
  readonly random?: () => number;
  /** Gives the client's id, random and secret (PUB-2). Default 128 bits of the host's cryptographic source. */
  readonly createId?: () => string;
  readonly environment?: Environment;
  /**
   * Gets what the application's handlers throw, or reject with where they are async. Default: `reportError` of the host, as pages
   * have; where there is none, as in Node, `console.error`. No handler ends the process.
   */
  readonly reportError?: (error: unknown) => void;
  /** Told of what should not happen and was dealt with. */
  readonly onDiagnostic?: (diagnostic: Diagnostic) => void;
}

/** Limits of one client, with the defaults filled in. */
export interface Settings {
  readonly url: string;
  readonly clientId: string;
  readonly token: ClientOptions['token'];
  readonly codec: ClientCodec;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** As `maxDelayMs`, for the first failures. */
  readonly firstMaxMs: number;
  readonly connectTimeoutMs: number;
  readonly outboxCount: number;
  readonly outboxBytes: number;
  readonly bytesPerSecond: number | undefined;
}
