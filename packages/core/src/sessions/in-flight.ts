import { maxInflight } from '@longwave/protocol';
import type { Session } from './session.js';
import { fault } from '../base/fault.js';

/** Throws `rate-limited` where a client has as much in flight as it may (LIM-1), over all its requests together (HTTP-15). */
export function requireRoom({ kind, inflight, clientKey, context }: Session): void {
  const all = kind === 'upstream' ? context.directory.inflightOf(clientKey) : inflight;
  if (all >= maxInflight) throw fault('rate-limited', 100);
}
