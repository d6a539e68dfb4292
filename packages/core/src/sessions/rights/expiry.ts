import { LongwaveError } from '@longwave/protocol';
import type { Identity } from '../../base/authority.js';
import type { Clock } from '../../base/ports.js';

interface Connected {
  readonly identity: Identity;
  readonly context: { readonly clock: Pick<Clock, 'now'> };
}

export const expiredMessage = 'The identity has expired.';

/** SES-13: compared where the identity is used, for a timer may come late. */
export function isExpired({ expiresAt }: Identity, clock: Pick<Clock, 'now'>): boolean {
  return expiresAt !== undefined && clock.now() >= expiresAt;
}

/** Throws `unauthenticated`. */
export function checkNotExpired(identity: Identity, clock: Pick<Clock, 'now'>): void {
  if (isExpired(identity, clock)) throw new LongwaveError('unauthenticated', expiredMessage);
}

/** Milliseconds until who is connected expires. Undefined: they never do. */
export function timeLeft({ identity: { expiresAt }, context }: Connected): number | undefined {
  return expiresAt === undefined ? undefined : Math.max(0, Math.round(expiresAt - context.clock.now()));
}
