export {
  type Authenticate,
  type Authenticator,
  type CookieLookup,
  type CookieOptions,
  type JwtAlgorithm,
  type JwtKey,
  type JwtOptions,
  type TokenClaims,
  anyOf,
  cookie,
  jwt,
} from '@longwave/auth';
