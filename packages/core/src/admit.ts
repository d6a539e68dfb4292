import { LongwaveError } from '@longwave/protocol';
import type { ConnectionInfo, Identity } from './authority.js';
import type { Context } from './session.js';
import { type MaybePromise, chain } from './maybe-promise.js';

/** Who it is that comes with `token`, if their address (LIM-3) and the hook let them in. Throws or rejects with what refuses them. */
export function admit(
  { authority, hooks, rates }: Pick<Context, 'authority' | 'hooks' | 'rates'>,
  token: string | undefined,
  info: ConnectionInfo,
): MaybePromise<Identity> {
  // Before anything that costs more, such as authentication.
  const waitMs = rates.admit(info);
  if (waitMs > 0) {
    const retryAfterMs = Math.ceil(waitMs);
    throw new LongwaveError('rate-limited', 'Too many connections from this address.', { retryAfterMs });
  }
  return chain(authority.authenticate(token, info), (identity) =>
    chain(hooks.connect?.({ user: identity.user, claims: identity.claims, info }), () => identity),
  );
}
