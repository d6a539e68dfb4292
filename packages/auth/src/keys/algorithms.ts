/** The kinds of keys that sign tokens. */
export type KeyKind = 'secret' | 'rsa' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

/**
 * The algorithms that are accepted, each with the one kind of key that it works with. `none` is not among them, and no algorithm
 * takes both a secret and a public key, so a public key is never taken for a secret.
 */
const kinds = {
  HS256: 'secret',
  HS384: 'secret',
  HS512: 'secret',
  RS256: 'rsa',
  RS384: 'rsa',
  RS512: 'rsa',
  PS256: 'rsa',
  PS384: 'rsa',
  PS512: 'rsa',
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
} as const satisfies Record<string, KeyKind>;

/** An algorithm of RFC 7518 or RFC 9864 by which a token may be signed. */
export type JwtAlgorithm = keyof typeof kinds;

export const jwtAlgorithms = Object.keys(kinds) as readonly JwtAlgorithm[];

export function isAlgorithm(value: unknown): value is JwtAlgorithm {
  return typeof value === 'string' && Object.hasOwn(kinds, value);
}

export function kindOf(algorithm: JwtAlgorithm): KeyKind {
  return kinds[algorithm];
}

/** Bytes of the hash: a secret has as many (RFC 7518 §3.2). */
export function hashBytes(algorithm: JwtAlgorithm): number {
  return Number(algorithm.slice(2)) / 8;
}

/** Those of a key that does not say its own: an RSA key and a secret fit several, and the most common one is meant. */
const usual: Readonly<Record<KeyKind, readonly JwtAlgorithm[]>> = {
  secret: ['HS256'],
  rsa: ['RS256'],
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  // Two names of one algorithm.
  Ed25519: ['EdDSA', 'Ed25519'],
};

/**
 * The algorithms that a key verifies: its own, else those of `allowed` that fit it, else the usual one of its kind. Empty: none
 * that is allowed. Undefined: its own is none that it could work with.
 */
export function algorithmsOf(
  kind: KeyKind,
  own: unknown,
  allowed: readonly JwtAlgorithm[] | undefined,
): readonly JwtAlgorithm[] | undefined {
  if (own === undefined) {
    return allowed ? allowed.filter((algorithm) => kinds[algorithm] === kind) : usual[kind];
  }
  if (!isAlgorithm(own) || kinds[own] !== kind) return undefined;
  const mine = kind === 'Ed25519' ? usual.Ed25519 : [own];
  return allowed ? mine.filter((algorithm) => allowed.includes(algorithm)) : mine;
}
