/** The claims of a token that was verified (RFC 7519 §4), frozen. */
export interface TokenClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  /** Seconds since the Unix epoch. */
  readonly exp?: number;
  /** Seconds since the Unix epoch. */
  readonly nbf?: number;
  /** Seconds since the Unix epoch. */
  readonly iat?: number;
  readonly jti?: string;
  readonly [name: string]: unknown;
}

/** All connections of a token share its claims: none of them may change what another sees. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freezeDeep(part);
    Object.freeze(value);
  }
  return value;
}
