import { LongwaveError } from '@longwave/protocol/client';
import type { Diagnostic } from '../base/ports.js';

/**
 * Gives a function that warns on the console, once for each kind. It never warns of `silence` and `transport`: networks that come
 * and go are ordinary, and a console full of them would hide the rest.
 */
export function createWarning(): (diagnostic: Diagnostic) => void {
  const told = new Set<Diagnostic['kind']>(['silence', 'transport']);
  return ({ kind, channel, message, cause }) => {
    if (told.has(kind)) return;
    told.add(kind);
    const page = cause instanceof LongwaveError ? ` and docs/errors.md#${cause.code}` : '';
    console.warn(
      `Longwave: ${kind}${channel ? ` of ${channel}` : ''}: ${message} (once; see client.on('error')${page})`,
      cause ?? '',
    );
  };
}
