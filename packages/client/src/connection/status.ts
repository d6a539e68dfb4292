import type { LongwaveError } from '@longwave/protocol';
import type { Heartbeat } from './heartbeat.js';

/**
 * The state of a connection as the connection itself knows it. {@link ConnectionState} is the part that the application
 * sees.
 */
export type Status =
  | { readonly name: 'idle' }
  | { readonly name: 'waiting'; readonly advised: boolean; readonly retryAt: number }
  | {
      readonly name: 'connecting';
      stage: 'token' | 'opening' | 'joining';
    }
  | {
      readonly name: 'connected';
      readonly since: number;
      readonly heartbeat: Heartbeat;
      /** The reason that the server gave for ending the connection, and when it gave it. */
      reason: { readonly error: LongwaveError; readonly at: number } | undefined;
      /** When the draining node wants us back (SES-7). */
      retry: { readonly at: number; readonly afterMs: number } | undefined;
    }
  | { readonly name: 'closed' };

/**
 * Milliseconds that the server asked to wait before the next attempt. Undefined: it asked for nothing. A clock that was set
 * back makes it no longer than was said.
 */
export function advisedDelay(error: LongwaveError | undefined, status: Status, now: number): number | undefined {
  const retry = status.name === 'connected' ? status.retry : undefined;
  return error?.retryAfterMs ?? (retry && Math.min(retry.afterMs, Math.max(0, retry.at - now)));
}
