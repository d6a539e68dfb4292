import type { KeyObject } from 'node:crypto';
import type { Logger, MaybePromise } from '@longwave/core';
import type { Duration } from '@longwave/protocol';
import type { JWK } from 'jose';
import type { JwtAlgorithm } from './keys/algorithms.js';
import type { TokenClaims } from './tokens/claims.js';

/**
 * A key that verifies tokens: PEM of a public key or a certificate, a JWK with its own `kid` and `alg`, or a public `KeyObject` of
 * `node:crypto`. A JWK of type `oct` is a secret.
 */
export type JwtKey = string | JWK | KeyObject;

/** Options of `jwt`. One of `secret`, `keys` and `jwksUrl` says who signs the tokens. */
export interface JwtOptions<Claims = TokenClaims> {
  /** The `iss` of the tokens, exactly as it stands there, or a list of those that are accepted. `false`: any, or none. */
  readonly issuer: string | readonly string[] | false;
  /** The `aud` that names this server, or a list of which a token has one at least. `false`: any, or none. */
  readonly audience: string | readonly string[] | false;
  /** The secret that signs the tokens, of 32 bytes at least; 48 for HS384 and 64 for HS512. A text counts as UTF-8. */
  readonly secret?: string | Uint8Array;
  /** The public keys of those who sign the tokens: one, a list, or a JWK set. */
  readonly keys?: JwtKey | readonly JwtKey[] | { readonly keys: readonly JWK[] };
  /**
   * Where the issuer publishes its keys, as a JWK set. `https`, or `http` on loopback. They are fetched with the first token, used for
   * 10 minutes, renewed while they are used, and used for 24 hours while the issuer cannot be reached.
   */
  readonly jwksUrl?: string | URL;
  /**
   * The algorithms that are accepted. Default: for each key the one that it names as its `alg`, else the usual one of its kind: HS256,
   * RS256, ES256, ES384, ES512 or EdDSA. `none` is never accepted.
   */
  readonly algorithms?: readonly JwtAlgorithm[];
  /** The `typ` in the header of the tokens, such as `'at+jwt'` for access tokens of RFC 9068. Default: any, or none. */
  readonly type?: string;
  /** How far the issuer's clock may be off, as text or milliseconds, 5 minutes at most. Default `'5s'`. */
  readonly clockTolerance?: Duration;
  /** Whether a token without an end (`exp`) is refused. Default true. */
  readonly requireExpiry?: boolean;
  /**
   * The user: the name of the claim that is it, or a function of the claims. A function that returns undefined makes the
   * connection anonymous. Default `'sub'`.
   */
  readonly user?: string | ((claims: TokenClaims) => string | undefined);
  /**
   * Returns the identity's `claims`, which `authorize`, hooks and calls get. It runs for each connection, and may throw a `LongwaveError`
   * to refuse the token. Default: the claims of the token.
   */
  readonly claims?: (claims: TokenClaims) => MaybePromise<Claims>;
  /** The clock by which tokens end, in milliseconds of Unix time. Default: the host's. A test gives the clock of its world. */
  readonly clock?: { now(): number };
  /** Gets a line when the issuer cannot be reached, and when it can again. Default: the console. */
  readonly logger?: Logger;
}
