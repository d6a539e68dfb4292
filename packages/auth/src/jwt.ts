import type { Identity, MaybePromise } from '@longwave/core';
import { consoleLogger } from '@longwave/node';
import { toMilliseconds } from '@longwave/protocol';
import { type Authenticate, type Host, chain } from './base/authenticate.js';
import { Refusal } from './base/refusal.js';
import type { JwtOptions } from './jwt-options.js';
import { fetchDocument } from './keys/fetch-document.js';
import type { KeySource } from './keys/key-source.js';
import { LocalKeys } from './keys/local-keys.js';
import { type JwtAlgorithm, jwtAlgorithms, kindOf } from './keys/algorithms.js';
import { RemoteKeys } from './keys/remote-keys.js';
import { checkJwtOptions, readKeys } from './read-options.js';
import type { TokenClaims } from './tokens/claims.js';
import { readHeader } from './tokens/read-header.js';
import { type VerifiedToken, VerifiedTokens } from './tokens/verified-tokens.js';
import { type TokenRules, foresee, verify } from './tokens/verifier.js';

/**
 * Returns an `authenticate` that takes JSON Web Tokens (RFC 7519). The user is the token's `sub`, the claims are its claims, and the
 * connection ends when the token does, unless the client shows a newer one. A token that was verified once is remembered until
 * its end, by its hash, so a client that connects again costs no signature.
 *
 * A client whose token does not pass is refused with `unauthenticated`, and the message says why: expired, signature, audience and so
 * on. While the issuer's keys cannot be had it is told `unavailable`, and tries again by itself.
 *
 * Throws `TypeError` on an option that is wrong, and on a key that cannot be used.
 *
 * @example
 * ```ts
 * const server = createServer({
 *   channels,
 *   authenticate: jwt({
 *     issuer: 'https://id.example.com',
 *     audience: 'https://chat.example.com',
 *     jwksUrl: 'https://id.example.com/.well-known/jwks.json',
 *   }),
 * });
 * ```
 */
export function jwt<Claims>(
  options: JwtOptions<Claims> & Required<Pick<JwtOptions<Claims>, 'claims'>>,
): Authenticate<Claims>;
export function jwt(options: JwtOptions): Authenticate<TokenClaims>;
export function jwt<Claims>(options: JwtOptions<Claims>): Authenticate<Claims> {
  return jwtOn({ now: Date.now, fetchDocument }, options);
}

/** `jwt` with the time and the network of a test. */
export function jwtOn<Claims = TokenClaims>(host: Host, options: JwtOptions<Claims>): Authenticate<Claims> {
  checkJwtOptions(options);
  const { issuer, audience, type, clockTolerance = '5s', requireExpiry = true, user = 'sub', clock = host } = options;
  const rules: TokenRules = {
    issuers: issuer === false ? undefined : [issuer].flat(),
    audiences: audience === false ? undefined : [audience].flat(),
    type,
    requireExpiry,
    toleranceMs: toMilliseconds(clockTolerance),
    now: () => clock.now(),
  };
  const readUser = typeof user === 'string' ? userIn(user) : user;
  const readClaims = options.claims ?? ((claims: TokenClaims) => claims as Claims);
  const { keys, accepted } = keysOf(host, options, rules);
  const tokens = new VerifiedTokens();

  const identify = ({ claims, expiresAt }: VerifiedToken): MaybePromise<Identity<Claims>> => {
    const found = readUser(claims);
    return chain(readClaims(claims), (mine) => ({ user: found, claims: mine, expiresAt }));
  };
  const verifyAnew = async (token: string): Promise<VerifiedToken> => {
    const hint = readHeader(token, accepted);
    const candidates = await keys.find(hint, token);
    const { generation } = keys;
    const verified = await verify(token, hint, candidates, rules);
    // The keys may have changed meanwhile.
    if (generation === keys.generation) tokens.add(token, generation, verified);
    return verified;
  };
  const look = (token: string): MaybePromise<Identity<Claims>> => {
    const known = tokens.get(token, keys.generation);
    if (known && (known.expiresAt === undefined || clock.now() < known.expiresAt)) return identify(known);
    if (known) tokens.delete(token);
    return verifyAnew(token).then(identify);
  };

  return (token) => {
    // A client whose user is not logged in may say so by an empty one.
    if (!token) throw new Refusal('missing');
    const fetching = keys.ready();
    return fetching ? fetching.then(() => look(token)) : look(token);
  };
}

function keysOf<Claims>(
  host: Host,
  options: JwtOptions<Claims>,
  rules: TokenRules,
): { readonly keys: KeySource; readonly accepted: ReadonlySet<JwtAlgorithm> } {
  const { jwksUrl, algorithms, logger = consoleLogger } = options;
  if (jwksUrl === undefined) {
    const keys = readKeys(options);
    return { keys: new LocalKeys(keys), accepted: new Set(keys.flatMap((key) => key.algorithms)) };
  }
  // A secret that is published is none.
  const accepted = (algorithms ?? jwtAlgorithms).filter((algorithm) => kindOf(algorithm) !== 'secret');
  if (accepted.length === 0)
    throw new TypeError(`jwt: algorithms are ${algorithms?.join(', ')}; keys of jwksUrl are public, and need others.`);
  const foreseen = (token: string): void => foresee(token, rules);
  const keys = new RemoteKeys({ url: String(jwksUrl), algorithms, host, logger, foresee: foreseen });
  return { keys, accepted: new Set(accepted) };
}

function userIn(name: string): (claims: TokenClaims) => string {
  return (claims) => {
    const user = Object.hasOwn(claims, name) ? claims[name] : undefined;
    if (typeof user !== 'string' || user === '') throw new Refusal('user');
    return user;
  };
}
