import { type JWTVerifyOptions, decodeJwt, errors, jwtVerify } from 'jose';
import { Refusal, type RefusalReason } from '../base/refusal.js';
import type { KeyHint } from '../keys/key-source.js';
import type { VerifyingKey } from '../keys/verifying-key.js';
import { type TokenClaims, freezeDeep } from './claims.js';
import type { VerifiedToken } from './verified-tokens.js';

/** Rules that a token has to keep besides its signature. */
export interface TokenRules {
  /** Undefined: any. */
  readonly issuers: readonly string[] | undefined;
  readonly audiences: readonly string[] | undefined;
  readonly type: string | undefined;
  readonly requireExpiry: boolean;
  readonly toleranceMs: number;
  readonly now: () => number;
}

/** The last moment that a `Date` can hold: an `exp` beyond it is as good as none. */
const latestMs = 8.64e15;

/** Verifies a token by `jose`. Rejects with a `Refusal` that says why. */
export async function verify(
  token: string,
  { algorithm }: KeyHint,
  keys: readonly VerifyingKey[],
  rules: TokenRules,
): Promise<VerifiedToken> {
  const options = { ...claimOptions(rules), algorithms: [algorithm] };
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify<TokenClaims>(token, await key.material(algorithm), options);
      return { claims: freezeDeep(payload), expiresAt: endOf(payload, rules) };
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw new Refusal(reasonOf(error));
    }
  }
  throw new Refusal('signature');
}

/**
 * Throws a `Refusal` where a token can be seen not to pass, whatever its key. Nothing that it says is proven, so this lets nobody
 * in: it only saves a look for the key.
 */
export function foresee(token: string, { issuers, toleranceMs, now }: TokenRules): void {
  let claims: TokenClaims;
  try {
    claims = decodeJwt<TokenClaims>(token);
  } catch {
    throw new Refusal('malformed');
  }
  const { iss, exp } = claims as Readonly<Record<string, unknown>>;
  if (issuers && !issuers.includes(iss as string)) throw new Refusal('issuer');
  if (typeof exp === 'number' && exp * 1000 + toleranceMs <= now()) throw new Refusal('expired');
}

function claimOptions({ issuers, audiences, type, requireExpiry, toleranceMs, now }: TokenRules): JWTVerifyOptions {
  return {
    ...(issuers && { issuer: [...issuers] }),
    ...(audiences && { audience: [...audiences] }),
    ...(type !== undefined && { typ: type }),
    ...(requireExpiry && { requiredClaims: ['exp'] }),
    clockTolerance: toleranceMs / 1000,
    currentDate: new Date(now()),
  };
}

/** The identity ends when the token does: with the tolerance that lets it in. */
function endOf({ exp }: TokenClaims, { toleranceMs }: TokenRules): number | undefined {
  return exp === undefined ? undefined : Math.min(latestMs, exp * 1000 + toleranceMs);
}

const claimReasons: Readonly<Record<string, RefusalReason>> = {
  iss: 'issuer',
  aud: 'audience',
  nbf: 'early',
  exp: 'endless',
  typ: 'type',
};

function reasonOf(error: unknown): RefusalReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    // One that is no number, say.
    return error.reason === 'invalid' ? 'malformed' : (claimReasons[error.claim] ?? 'malformed');
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JOSEError) return 'malformed';
  throw error;
}
