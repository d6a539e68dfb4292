import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair } from 'jose';

/** Claims of the tokens of tests, and the time of their host. */
export const iss = 'https://id.example.com';
export const aud = 'chat';
export const nowMs = 1_800_000_000_000;
export const nowSeconds = nowMs / 1000;

/** A signing key of an issuer, and its public half as the issuer publishes it. */
export interface Signer {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly key: CryptoKey | Uint8Array;
  readonly jwk: JWK;
}

export async function createSigner(alg: string, kid?: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), ...(kid !== undefined && { kid }), alg, use: 'sig' };
  return { alg, kid, key: privateKey, jwk };
}

export interface TokenParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The algorithm in the header, and of the signature. */
  readonly alg?: string;
}

/** A token that lasts an hour from `nowMs` on; a claim that is given as undefined is left out. */
export function sign({ key, kid, alg: own }: Signer, { header, claims, alg = own }: TokenParts = {}): Promise<string> {
  const all = { iss, aud, sub: 'ada', exp: nowSeconds + 3600, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all)) as Record<string, unknown>)
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }), ...header })
    .sign(key);
}

/** Joins the parts of a token, which are encoded as they are. */
export function join(header: unknown, payload: unknown, signature = ''): string {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(header)}.${encode(payload)}.${signature}`;
}
