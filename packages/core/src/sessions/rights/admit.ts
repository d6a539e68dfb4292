import { LongwaveError } from '@longwave/protocol';
import type { ConnectionInfo, Identity } from '../../base/authority.js';
import type { Context } from '../session.js';
import { type MaybePromise, chain, isPromise } from '../../base/maybe-promise.js';
import { checkNotExpired } from './expiry.js';
import { fault } from '../../base/fault.js';

/** A connection or a request that is to be let in. */
export interface Arrival {
  /** The id of its connection. */
  readonly id: string;
  readonly info: ConnectionInfo;
}

/**
 * Returns the identity for `token`, if the address (LIM-3) and the hook accept it. Throws or rejects with what refuses
 * them.
 */
export function admit(
  context: Context,
  token: string | undefined,
  arrival: Arrival,
  admission: number,
): MaybePromise<Identity> {
  const { info } = arrival;
  const { authority, rates } = context;
  // Before anything that costs more, such as authentication.
  const waitMs = rates.admit(info);
  if (waitMs > 0) {
    const retryAfterMs = Math.ceil(waitMs);
    throw new LongwaveError('rate-limited', 'Too many connections from this address.', { retryAfterMs });
  }
  const identity = authority.authenticate(token, info);
  return isPromise(identity)
    ? identity.then((late) => letIn(context, late, arrival, admission))
    : letIn(context, identity, arrival, admission);
}

function letIn(context: Context, identity: Identity, arrival: Arrival, admission: number): MaybePromise<Identity> {
  const { hooks } = context;
  checkHolds(context, identity, admission);
  if (!hooks.connect) return identity;
  const { id, info } = arrival;
  return chain(hooks.connect({ connection: { id }, user: identity.user, claims: identity.claims, info }), () => {
    checkHolds(context, identity, admission);
    return identity;
  });
}

function checkHolds({ admissions, clock }: Context, identity: Identity, admission: number): void {
  checkNotExpired(identity, clock);
  if (!admissions.holds(admission, identity)) throw fault('disconnected');
}
