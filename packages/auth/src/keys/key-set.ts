import { isPlainObject } from '@longwave/protocol';
import type { JwtAlgorithm } from './algorithms.js';
import { UnusableKey, type VerifyingKey, keyOfJwk } from './verifying-key.js';

/** Most keys of a set. */
const maxKeys = 100;

/** A set of keys as an issuer publishes it. */
export interface PublishedKeys {
  readonly keys: readonly VerifyingKey[];
  /** Says the same of two sets with the same keys. */
  readonly print: string;
}

/**
 * Reads a JWK set (RFC 7517 §5). Keys that verify nothing here are left out, as the RFC asks: those for encryption, of other types,
 * and secrets, which are none once they are published. Throws where it is no set.
 */
export function readKeySet(document: unknown, allowed: readonly JwtAlgorithm[] | undefined): PublishedKeys {
  const list = isPlainObject(document) ? document['keys'] : undefined;
  if (!Array.isArray(list)) throw new Error('Its answer is no JWK set: there is no list of keys.');
  if (list.length > maxKeys) throw new Error(`Its answer has ${list.length} keys; at most ${maxKeys} are read.`);
  const keys: VerifyingKey[] = [];
  const used: unknown[] = [];
  for (const jwk of list as readonly unknown[]) {
    if (!isPlainObject(jwk) || jwk['kty'] === 'oct') continue;
    try {
      keys.push(keyOfJwk(jwk, allowed));
      used.push(jwk);
    } catch (error) {
      if (!(error instanceof UnusableKey)) throw error;
    }
  }
  return { keys, print: JSON.stringify(used) };
}
