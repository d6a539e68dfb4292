import { LongwaveError } from '@longwave/protocol';
import type { ConnectionInfo, Identity } from './authority.js';
import type { Context } from './session.js';
import { type MaybePromise, chain } from './maybe-promise.js';
import { checkNotExpired } from './expiry.js';
import { fault } from './fault.js';

/** Who it is that comes with `token`, if their address (LIM-3) and the hook let them in. Throws or rejects with what refuses them. */
export function admit(
  context: Context,
  token: string | undefined,
  info: ConnectionInfo,
  admission: number,
): MaybePromise<Identity> {
  const { authority, hooks, rates, admissions, clock } = context;
  // Before anything that costs more, such as authentication.
  const waitMs = rates.admit(info);
  if (waitMs > 0) {
    const retryAfterMs = Math.ceil(waitMs);
    throw new LongwaveError('rate-limited', 'Too many connections from this address.', { retryAfterMs });
  }
  const check = (identity: Identity): Identity => {
    checkNotExpired(identity, clock);
    if (!admissions.holds(admission, identity)) throw fault('disconnected');
    return identity;
  };
  return chain(authority.authenticate(token, info), (identity) =>
    chain(hooks.connect?.({ user: check(identity).user, claims: identity.claims, info }), () => check(identity)),
  );
}
