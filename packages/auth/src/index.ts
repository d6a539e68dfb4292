export type { Authenticate, ClaimsOf } from './base/authenticate.js';
export { type AnyClaims, type Authenticator, anyOf } from './any-of.js';
export { type CookieLookup, type CookieOptions, cookie } from './cookie.js';
export { jwt } from './jwt.js';
export type { JwtKey, JwtOptions } from './jwt-options.js';
export type { JwtAlgorithm } from './keys/algorithms.js';
export type { TokenClaims } from './tokens/claims.js';
