import type { ClientCodec, Duration } from '@longwave/protocol';
import type { CallChecks, Clock, Diagnostic, Environment, Transport } from './ports.js';

/** A transport that every client has: a WebSocket, an HTTP response that streams, or long polling. */
export type TransportName = 'websocket' | 'stream' | 'poll';

/** Delays between attempts to connect (CLI-1). */
export interface ReconnectOptions {
  /** Time of which the first delay is a random part, such as `'1s'` or milliseconds. Default 250. */
  readonly minDelay?: Duration;
  /**
   * Longest delay that the client chooses, as text or milliseconds. Default `'20s'`, and `'5s'` for the first 15 failures
   * in a row.
   */
  readonly maxDelay?: Duration;
}

/** Limits of the outbox, which holds publishes until the server has stored them. */
export interface OutboxOptions {
  /** Most publishes without an acknowledgement; another one rejects with `outbox-full`. Default 1,000. */
  readonly maxCount?: number;
  /** Most bytes that they take when encoded. Default 4 MiB. */
  readonly maxBytes?: number;
}

/** Options of `connect`. */
export interface ClientOptions {
  /**
   * Token that the server's `authenticate` gets. A function is called for each connection, and again before the token
   * expires; it returns `''` where nobody is logged in, which `jwt` refuses. When it fails or does not answer in time, that counts as a
   * failed attempt; a `LongwaveError` whose advice is `give-up` or `fix` closes the client. Default: none, an anonymous connection.
   */
  readonly token?: string | (() => string | Promise<string>);
  /**
   * Encoding of the frames. Default `json`; the other is {@link binaryCodec}, which a page loads only if it uses it.
   */
  readonly codec?: 'json' | ClientCodec;
  /**
   * Texts that the server's `authenticate` and its hook `connect` get as `info.params`, over every transport: at most 16, and 1,024
   * bytes as JSON together (SES-17). Like the token they are what the client says of itself, not proven. Default: none.
   */
  readonly params?: Readonly<Record<string, string>>;
  /** Checks of calls by their schemas, made by `callChecks` (CALL-10). Default: none, the server alone checks. */
  readonly checks?: CallChecks;
  /** Path of the endpoint on the server. Default: `/longwave` below the path of the URL. */
  readonly path?: string;
  readonly reconnect?: ReconnectOptions;
  /** Time for one attempt, from the call of `token` to the server's answer, as text or milliseconds. Default `'10s'`. */
  readonly connectTimeout?: Duration;
  readonly outbox?: OutboxOptions;
  /**
   * Asks the server to send no more bytes a second on average; it merges the changes of channels with state to keep to
   * it (VIEW-8). Default: no limit.
   */
  readonly bytesPerSecond?: number;
  /**
   * How to reach the server. `auto`, the default, begins with a WebSocket, falls back to an HTTP stream or to long
   * polling where a WebSocket does not get through, and returns to it when it does (CLI-7, CLI-8). A name or a
   * transport is the only one used; a list names several, the best first.
   */
  readonly transport?: TransportName | 'auto' | Transport | readonly Transport[];
  /** Time and timers. Default: those of the host. */
  readonly clock?: Clock;
  /** Random numbers from 0 up to, and without, 1, for delays. Default `Math.random`. */
  readonly random?: () => number;
  /**
   * Returns the id of the client, which must be random and secret (PUB-2). Default: 128 bits of the host's
   * cryptographic source.
   */
  readonly createId?: () => string;
  /** Tells when the host is online, offline or visible again. Default: the page's own events; none in Node. */
  readonly environment?: Environment;
  /**
   * Gets errors that the application's handlers throw or reject with (CLI-4). Default: `reportError` of the host, and
   * `console.error` where there is none, as in Node. An error of a handler ends neither the client nor the process.
   */
  readonly reportError?: (error: unknown) => void;
  /**
   * Called with each thing that goes wrong, as the handlers of `client.on('error')` are. Default: where neither is given the client
   * warns on the console, once for each kind, and never of `silence` and `transport`, which are ordinary on networks that come and go.
   */
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
  readonly params: Readonly<Record<string, string>> | undefined;
  readonly checks: CallChecks | undefined;
}
