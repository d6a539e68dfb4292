import { SignJWT } from 'jose';

const secret = process.env['SECRET'] ?? '';

/** The claims that a token has to make. With a provider of identities, `jwksUrl` takes the place of `secret`. */
export const tokens = { issuer: '{{name}}', audience: '{{name}}', secret };

export function signToken(user: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(tokens.issuer)
    .setAudience(tokens.audience)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime('8h')
    .sign(new TextEncoder().encode(secret));
}
