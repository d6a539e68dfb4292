import { type JsonWebKey, KeyObject, createPublicKey, webcrypto } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import { type JwtAlgorithm, type KeyKind, algorithmsOf, hashBytes } from './algorithms.js';

/** A key with the algorithms that it verifies: which of them is used, the token says; which may be, the key alone. */
export interface VerifyingKey {
  readonly kid: string | undefined;
  readonly algorithms: readonly JwtAlgorithm[];
  /** As `jose` takes it. */
  material(algorithm: JwtAlgorithm): KeyObject | Promise<CryptoKey>;
}

/** Why a key is of no use, for people: it never holds the key. */
export class UnusableKey extends Error {}

/** Longest id of a key. */
export const maxKidLength = 256;

type Allowed = readonly JwtAlgorithm[] | undefined;

/** Makes a key of a JWK (RFC 7517). Throws `UnusableKey`. */
export function keyOfJwk(jwk: Readonly<Record<string, unknown>>, allowed: Allowed): VerifyingKey {
  const { kid, alg, use, key_ops: operations, kty, k } = jwk;
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > maxKidLength)) {
    throw new UnusableKey(`its kid is no text of at most ${maxKidLength} characters`);
  }
  if (use !== undefined && use !== 'sig') throw new UnusableKey("it is for another use than 'sig'");
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    throw new UnusableKey("its key_ops lack 'verify'");
  }
  if (kty === 'oct') {
    if (typeof k !== 'string' || !/^[\w-]+$/.test(k)) throw new UnusableKey('its k is no base64url');
    return keyOfSecret(Buffer.from(k, 'base64url'), allowed, kid, alg);
  }
  if (jwk['d'] !== undefined) throw new UnusableKey('it is a private key: give the public one, a server only verifies');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  } catch {
    throw new UnusableKey('it is no public key that can be read');
  }
  return keyOfObject(key, allowed, kid, alg);
}

/** Makes a key of PEM: a public key, or a certificate. Throws `UnusableKey`. */
export function keyOfPem(pem: string, allowed: Allowed): VerifyingKey {
  if (pem.includes('PRIVATE KEY-----')) {
    throw new UnusableKey('it is a private key: give the public one, a server only verifies');
  }
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new UnusableKey('it is no PEM of a public key or a certificate');
  }
  return keyOfObject(key, allowed);
}

/** Makes a key of a public key of `node:crypto`. Throws `UnusableKey`. */
export function keyOfObject(key: KeyObject, allowed: Allowed, kid?: string, alg?: unknown): VerifyingKey {
  if (key.type !== 'public') throw new UnusableKey(`it is a ${key.type} key: give the public one`);
  const kind = kindOfObject(key);
  if (!kind) throw new UnusableKey('it is of a type that signs no tokens');
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (kind === 'rsa' && modulusLength < 2048) throw new UnusableKey('an RSA key has 2,048 bits at least');
  return { kid, algorithms: pinned(kind, alg, allowed), material: () => key };
}

/** Makes a key of a secret. Throws `UnusableKey`. */
export function keyOfSecret(secret: Uint8Array, allowed: Allowed, kid?: string, alg?: unknown): VerifyingKey {
  const algorithms = pinned('secret', alg, allowed);
  const needed = Math.max(...algorithms.map(hashBytes));
  if (secret.length < needed) {
    throw new UnusableKey(
      `a secret for ${algorithms.join(', ')} has ${needed} bytes at least, and this has ${secret.length}`,
    );
  }
  const imported = new Map<JwtAlgorithm, Promise<CryptoKey>>();
  return {
    kid,
    algorithms,
    material(algorithm) {
      let key = imported.get(algorithm);
      if (!key) {
        const hash = { name: 'HMAC', hash: `SHA-${hashBytes(algorithm) * 8}` };
        key = webcrypto.subtle.importKey('raw', secret, hash, false, ['verify']);
        imported.set(algorithm, key);
      }
      return key;
    },
  };
}

/** The JWK of a set, or a single one. */
export function isJwk(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && 'kty' in value && typeof value.kty === 'string';
}

function pinned(kind: KeyKind, own: unknown, allowed: Allowed): readonly JwtAlgorithm[] {
  const algorithms = algorithmsOf(kind, own, allowed);
  if (!algorithms) throw new UnusableKey('its alg does not fit it');
  if (algorithms.length === 0) throw new UnusableKey(`no algorithm of it is among ${allowed?.join(', ')}`);
  return algorithms;
}

function kindOfObject({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyKind | undefined {
  if (asymmetricKeyType === 'rsa') return 'rsa';
  if (asymmetricKeyType === 'ed25519') return 'Ed25519';
  return asymmetricKeyType === 'ec' ? curves.get(asymmetricKeyDetails?.namedCurve) : undefined;
}

/** By the names that OpenSSL has for them. */
const curves: ReadonlyMap<string | undefined, KeyKind> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);
