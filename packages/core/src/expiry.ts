import { LongwaveError } from '@longwave/protocol';
import type { Identity } from './authority.js';
import type { Clock } from './ports.js';

export const expiredMessage = 'The identity has expired.';

/** SES-13: compared where the identity is used, for a timer may come late. */
export function isExpired({ expiresAt }: Identity, clock: Pick<Clock, 'now'>): boolean {
  return expiresAt !== undefined && clock.now() >= expiresAt;
}

/** Throws `unauthenticated`. */
export function checkNotExpired(identity: Identity, clock: Pick<Clock, 'now'>): void {
  if (isExpired(identity, clock)) throw new LongwaveError('unauthenticated', expiredMessage);
}
