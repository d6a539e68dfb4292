import type { ConnectionInfo, Identity } from './authority.js';
import type { Context } from './session.js';
import { type MaybePromise, chain } from './maybe-promise.js';

/** Who it is that comes with `token`, if the hook lets them in. Throws or rejects with what refuses them. */
export function admit(
  { authority, hooks }: Pick<Context, 'authority' | 'hooks'>,
  token: string | undefined,
  info: ConnectionInfo,
): MaybePromise<Identity> {
  return chain(authority.authenticate(token, info), (identity) =>
    chain(hooks.connect?.({ user: identity.user, claims: identity.claims, info }), () => identity),
  );
}
