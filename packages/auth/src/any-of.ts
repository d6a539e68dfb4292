import type { ConnectionInfo, Identity, MaybePromise } from '@longwave/core';
import { type Authenticate, type ClaimsOf, chain } from './base/authenticate.js';
import { Refusal } from './base/refusal.js';

/** One of those that `anyOf` asks. It returns undefined for credentials that are not its own. */
export type Authenticator = (token: string | undefined, info: ConnectionInfo) => MaybePromise<Identity | undefined>;

/** The type of the claims of all that `anyOf` asks. */
export type AnyClaims<One extends Authenticator> = One extends Authenticator
  ? ClaimsOf<Awaited<ReturnType<One>>>
  : never;

/**
 * Asks one after the other who a client is. The first that finds credentials of its own decides: a token that is expired is
 * refused, whatever cookie comes with it. `jwt` passes on where there is no token, or one of another issuer; `cookie` where
 * there is no cookie; a function of yours where it returns undefined. Where all pass on, the client is refused as the first says.
 *
 * Throws `TypeError` without a list of functions, two at least.
 *
 * @example
 * ```ts
 * const server = createServer({
 *   channels,
 *   authenticate: anyOf(
 *     jwt({ issuer: 'https://id.example.com', audience: 'chat', jwksUrl: 'https://id.example.com/jwks' }),
 *     cookie('sid', (value) => sessions.get(value)),
 *     () => ({}), // everybody else is anonymous
 *   ),
 * });
 * ```
 */
export function anyOf<All extends readonly Authenticator[]>(
  ...authenticators: All
): Authenticate<AnyClaims<All[number]>> {
  if (authenticators.length < 2 || authenticators.some((one: unknown) => typeof one !== 'function')) {
    throw new TypeError('anyOf: the authenticators must be functions, two at least, such as jwt(...) and cookie(...).');
  }
  return (token, info) =>
    ask(authenticators, 0, undefined, token, info) as MaybePromise<Identity<AnyClaims<All[number]>>>;
}

function ask(
  all: readonly Authenticator[],
  at: number,
  first: Refusal | undefined,
  token: string | undefined,
  info: ConnectionInfo,
): MaybePromise<Identity> {
  const one = all[at];
  if (!one) throw first ?? new Refusal('missing');
  const passOn = (error: unknown): MaybePromise<Identity> => {
    if (!(error instanceof Refusal) || !error.passesOn) throw error;
    return ask(all, at + 1, first ?? error, token, info);
  };
  let identity: MaybePromise<Identity | undefined>;
  try {
    identity = one(token, info);
  } catch (error) {
    return passOn(error);
  }
  return chain(identity, (found) => found ?? ask(all, at + 1, first, token, info), passOn);
}
