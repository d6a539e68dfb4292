import { createPublicKey, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';
import { LongwaveError } from '@longwave/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { jwtOn } from './jwt.js';
import type { JwtOptions } from './jwt-options.js';
import { jwtAlgorithms } from './keys/algorithms.js';
import { TestHost, noInfo, outcome } from './testing/host.js';
import {
  type Signer,
  type TokenParts,
  aud,
  createSigner,
  iss,
  join,
  nowMs,
  nowSeconds,
  sign,
} from './testing/tokens.js';

const secret = randomBytes(64);
const secretSigner: Signer = { alg: 'HS256', kid: undefined, key: secret, jwk: { kty: 'oct' } };
const asymmetric = jwtAlgorithms.filter((alg) => !alg.startsWith('HS'));
const signers = new Map<string, Signer>();

beforeAll(async () => {
  for (const alg of asymmetric) signers.set(alg, await createSigner(alg));
});

const signer = (alg: string): Signer => (alg.startsWith('HS') ? { ...secretSigner, alg } : signers.get(alg)!);

function create(options: Partial<JwtOptions>, host = new TestHost()) {
  const authenticate = jwtOn(host, { issuer: iss, audience: aud, ...options });
  return (token: string | undefined) => authenticate(token, noInfo);
}

const keysOf = (alg: string): Partial<JwtOptions> =>
  alg.startsWith('HS') ? { secret, algorithms: [alg as 'HS256'] } : { keys: signer(alg).jwk };

describe('jwt: the clock', () => {
  it('may be another than the host has, for new tokens and for those it knows', async () => {
    let now = nowMs + 7_200_000;
    const authenticate = create({ secret, clock: { now: () => now } });
    const token = await sign(secretSigner);
    expect(await outcome(() => authenticate(token))).toBe('expired');
    now = nowMs;
    expect(await authenticate(token)).toMatchObject({ user: 'ada' });
    now = nowMs + 7_200_000;
    expect(await outcome(() => authenticate(token))).toBe('expired');
  });

  it('is an object that can tell the time', () => {
    expect(() => create({ secret, clock: { now: 5 } as never })).toThrow(/jwt: clock/);
  });
});

describe('jwt: algorithms', () => {
  it.each(jwtAlgorithms)('takes a token of %s', async (alg) => {
    const identity = await create(keysOf(alg))(await sign(signer(alg)));
    expect(identity).toMatchObject({ user: 'ada', expiresAt: nowMs + 3_605_000, claims: { sub: 'ada', iss } });
  });

  const confusions = jwtAlgorithms.flatMap((pinned) =>
    jwtAlgorithms.filter((other) => other !== pinned).map((other) => [pinned, other] as const),
  );
  it.each(confusions)('a key for %s takes no token of %s', async (pinned, other) => {
    const same = pinned.startsWith('Ed') && other.startsWith('Ed');
    const token = await sign(signer(other));
    expect(await outcome(() => create(keysOf(pinned))(token))).toBe(same ? 'signature' : 'algorithm');
  });

  it.each(['EdDSA', 'Ed25519'])('the two names of Ed25519 are one algorithm: a key for %s', async (alg) => {
    const own = signer(alg);
    const other = alg === 'EdDSA' ? 'Ed25519' : 'EdDSA';
    expect(await outcome(async () => create({ keys: own.jwk })(await sign(own, { alg: other })))).toBe('passes');
  });

  it('an RSA key is held to its own algorithm, though it fits others', async () => {
    const own = signer('RS256');
    const { alg: _, ...bare } = own.jwk;
    const key = (await importJWK({ ...(await exportJWK(own.key)), alg: 'RS512' })) as CryptoKey;
    const token = await sign({ ...own, key, alg: 'RS512' });
    expect(await outcome(() => create({ keys: own.jwk })(token))).toBe('algorithm');
    expect(await outcome(() => create({ keys: bare })(token))).toBe('algorithm');
    expect(await outcome(() => create({ keys: bare, algorithms: ['RS512'] })(token))).toBe('passes');
  });

  it.each(asymmetric)('the public key of %s is never taken for a secret', async (alg) => {
    const { jwk } = signer(alg);
    const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const key of [pem, JSON.stringify(jwk), String(jwk.x ?? jwk.n)]) {
      const token = await sign({ ...secretSigner, key: Buffer.from(key.padEnd(32, '=')) });
      expect(await outcome(() => create({ keys: [jwk, pem] })(token))).toBe('algorithm');
    }
  });

  it.each(['none', 'None', 'NONE', 'nOnE', '', 'HS257', 'constructor', '__proto__', 'dir'])(
    "the algorithm '%s' is none",
    async (alg) => {
      const claims = { iss, aud, sub: 'ada', exp: nowSeconds + 60 };
      const { signature } = /\.(?<signature>[^.]*)$/.exec(await sign(signer('ES256')))!.groups!;
      for (const given of ['', signature]) {
        const reason = await outcome(() => create({ keys: signer('ES256').jwk })(join({ alg }, claims, given)));
        expect(['algorithm', 'malformed']).toContain(reason);
      }
    },
  );

  it('a token chooses no key but by its id: what it brings along is not looked at', async () => {
    const mine = signer('ES256');
    const other = await createSigner('ES256');
    const header = { jwk: other.jwk, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x5u' };
    const host = new TestHost();
    const token = await sign(other, { header });
    expect(await outcome(() => create({ keys: mine.jwk }, host)(token))).toBe('signature');
    expect(host.fetches).toEqual([]);
  });

  it('a header that must be understood and is not refuses', async () => {
    const token = await sign(signer('ES256'));
    const [, payload, signature] = token.split('.');
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', crit: ['exp'], exp: 1 })).toString('base64url');
    expect(await outcome(() => create({ keys: signer('ES256').jwk })(`${header}.${payload}.${signature}`))).toBe(
      'malformed',
    );
  });
});

describe('jwt: keys', () => {
  it('takes PEM, a JWK, a KeyObject, a JWK set, and lists of them', async () => {
    const es = signer('ES256');
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const object = createPublicKey({ key: es.jwk as never, format: 'jwk' });
    const pem = await exportSPKI(publicKey);
    const rs: Signer = { alg: 'RS256', kid: undefined, key: privateKey, jwk: {} as never };
    for (const keys of [es.jwk, [es.jwk], { keys: [es.jwk] }, object, [pem, object]]) {
      expect(await outcome(async () => create({ keys })(await sign(es)))).toBe('passes');
    }
    expect(await outcome(async () => create({ keys: [es.jwk, pem] })(await sign(rs)))).toBe('passes');
  });

  it('goes by the id: a token of another key that bears it is refused', async () => {
    const [a, b] = [await createSigner('ES256', 'a'), await createSigner('ES256', 'b')];
    const ask = create({ keys: [a.jwk, b.jwk] });
    expect(await outcome(async () => ask(await sign(a)))).toBe('passes');
    expect(await outcome(async () => ask(await sign(b)))).toBe('passes');
    expect(await outcome(async () => ask(await sign({ ...a, kid: 'b' })))).toBe('signature');
    expect(await outcome(async () => ask(await sign({ ...a, kid: 'c' })))).toBe('key');
    // Without an id each that fits is tried.
    expect(await outcome(async () => ask(await sign({ ...b, kid: undefined })))).toBe('passes');
  });

  it('secrets change by their ids too', async () => {
    const old = { kty: 'oct', kid: 'old', k: randomBytes(32).toString('base64url') };
    const young = { kty: 'oct', kid: 'new', k: randomBytes(32).toString('base64url') };
    const ask = create({ keys: [old, young] });
    for (const { kid, k } of [old, young]) {
      const token = await sign({ ...secretSigner, kid, key: Buffer.from(k, 'base64url') });
      expect(await outcome(() => ask(token))).toBe('passes');
    }
  });

  it.each([
    ['a short secret', { secret: 'x'.repeat(31) }, /secret cannot be used.*32 bytes at least, and this has 31/],
    ['a secret too short for HS512', { secret: 'x'.repeat(32), algorithms: ['HS512'] }, /64 bytes at least/],
    ['a public key as the secret', { secret: '-----BEGIN PUBLIC KEY-----\n' }, /give a public key as keys/],
    ['a short oct key', { keys: { kty: 'oct', k: 'AAAA' } }, /32 bytes at least, and this has 3/],
    ['PEM that is none', { keys: 'hello' }, /no PEM of a public key/],
    ['a private key in PEM', { keys: '-----BEGIN PRIVATE KEY-----\n' }, /give the public one/],
    ['a secret KeyObject', { keys: createSecretKey(randomBytes(32)) }, /it is a secret key/],
    [
      'a JWK that is cut short',
      { keys: [{ kty: 'EC', crv: 'P-256', x: 'AAAA' }] },
      /keys cannot be used.*no public key/,
    ],
    ['a key for encryption', { keys: { kty: 'RSA', use: 'enc' } }, /another use/],
    ['two sources', { secret: 'x'.repeat(32), jwksUrl: 'https://x.example/' }, /2 of secret, keys and jwksUrl/],
    ['no source', {}, /none of secret, keys and jwksUrl/],
    ['secrets of a published set', { jwksUrl: 'https://x.example/', algorithms: ['HS256'] }, /are public/],
  ])('refuses %s at the start', (_, options, message) => {
    expect(() => create(options as Partial<JwtOptions>)).toThrow(TypeError);
    expect(() => create(options as Partial<JwtOptions>)).toThrow(message);
  });

  it('refuses a private JWK, a weak RSA key, and algorithms that do not fit, and shows none of them', async () => {
    const secretJwk = await exportJWK(signer('ES256').key);
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
    expect(() => create({ keys: secretJwk })).toThrow(/private key/);
    expect(() => create({ keys: weak })).toThrow(/2,048 bits/);
    expect(() => create({ keys: koblitz })).toThrow(/signs no tokens/);
    expect(() => create({ keys: { ...signer('ES256').jwk, alg: 'RS256' } })).toThrow(/alg does not fit/);
    expect(() => create({ keys: signer('ES256').jwk, algorithms: ['RS256'] })).toThrow(/among RS256/);
    expect(String(await outcomeText(() => create({ keys: secretJwk })))).not.toContain(secretJwk.d);
  });

  it.each([
    'http://id.example.com/jwks',
    'https://{tenant}.example.com/jwks',
    'https://id.example.com/:tenant/jwks',
    'https://id.example.com/%7Btenant%7D',
    'https://*.example.com/jwks',
    'https://ada:pass@id.example.com/jwks',
    'https://id.example.com/jwks#a',
    'ftp://id.example.com/jwks',
    'file:///etc/jwks',
    '//id.example.com/jwks',
    'http://127.0.0.1.example.com/jwks',
    'http://localhost.example.com/jwks',
  ])('takes no keys from %s', (jwksUrl) => {
    expect(() => create({ jwksUrl })).toThrow(/jwt: jwksUrl is .*https, or http on loopback/);
  });

  it.each(['https://id.example.com/jwks?v=1', 'http://127.0.0.1:9/jwks', 'http://localhost:9/', 'http://[::1]:9/'])(
    'takes keys from %s',
    (jwksUrl) => {
      expect(create({ jwksUrl })).toBeTypeOf('function');
      expect(create({ jwksUrl: new URL(jwksUrl) })).toBeTypeOf('function');
    },
  );
});

describe('jwt: claims', () => {
  const es = () => signer('ES256');
  const ask = (parts: TokenParts, options: Partial<JwtOptions> = {}) =>
    outcome(async () => create({ keys: es().jwk, ...options })(await sign(es(), parts)));

  it.each([
    ['expired', { exp: nowSeconds - 5 }],
    ['passes', { exp: nowSeconds - 4 }],
    ['endless', { exp: undefined }],
    ['malformed', { exp: 'tomorrow' }],
    ['early', { nbf: nowSeconds + 6 }],
    ['passes', { nbf: nowSeconds + 5 }],
    ['malformed', { nbf: 'now' }],
    ['issuer', { iss: 'https://id.example.com/' }],
    ['issuer', { iss: undefined }],
    ['issuer', { iss: [iss] }],
    ['audience', { aud: 'mail' }],
    ['audience', { aud: undefined }],
    ['audience', { aud: ['mail', 'post'] }],
    ['passes', { aud: ['mail', aud] }],
    ['user', { sub: undefined }],
    ['user', { sub: '' }],
    ['user', { sub: 7 }],
  ])('%s: %j', async (expected, claims) => {
    expect(await ask({ claims })).toBe(expected);
  });

  it('what is false is not asked for, and what is a list accepts each', async () => {
    const claims = { iss: undefined, aud: undefined };
    expect(await ask({ claims }, { issuer: false, audience: false })).toBe('passes');
    expect(await ask({}, { issuer: ['https://b.example', iss], audience: ['mail', aud] })).toBe('passes');
    expect(await ask({}, { issuer: ['https://b.example'] })).toBe('issuer');
  });

  it('the tolerance, the end and the type can be chosen', async () => {
    expect(await ask({ claims: { exp: nowSeconds - 5 } }, { clockTolerance: '1m' })).toBe('passes');
    expect(await ask({ claims: { exp: nowSeconds } }, { clockTolerance: 0 })).toBe('expired');
    expect(await ask({ claims: { exp: undefined } }, { requireExpiry: false })).toBe('passes');
    expect(await ask({}, { type: 'at+jwt' })).toBe('type');
    expect(await ask({ header: { typ: 'JWT' } }, { type: 'at+jwt' })).toBe('type');
    expect(await ask({ header: { typ: 'application/at+jwt' } }, { type: 'at+jwt' })).toBe('passes');
  });

  it('an end beyond all dates is the last date', async () => {
    const identity = await create({ keys: es().jwk })(await sign(es(), { claims: { exp: 1e300 } }));
    expect(identity.expiresAt).toBe(8.64e15);
    const endless = await create({ keys: es().jwk, requireExpiry: false })(
      await sign(es(), { claims: { exp: undefined } }),
    );
    expect(endless.expiresAt).toBeUndefined();
  });

  it('the user and the claims are what the options make of the token', async () => {
    const claims = { email: 'ada@example.com', roles: ['admin'] };
    const token = await sign(es(), { claims });
    const authenticate = jwtOn<{ admin: boolean }>(new TestHost(), {
      issuer: iss,
      audience: aud,
      keys: es().jwk,
      user: 'email',
      claims: async ({ roles }) => ({ admin: (roles as string[]).includes('admin') }),
    });
    expect(await authenticate(token, noInfo)).toEqual({
      user: 'ada@example.com',
      claims: { admin: true },
      expiresAt: nowMs + 3_605_000,
    });
    const anonymous = await create({ keys: es().jwk, user: () => undefined })(token);
    expect(anonymous.user).toBeUndefined();
    expect(await ask({ claims: { __proto__x: 1 } }, { user: 'toString' })).toBe('user');
    const refuse = () => {
      throw new LongwaveError('forbidden', 'Not on the list.');
    };
    expect(await ask({}, { claims: refuse })).toBe('forbidden');
  });

  it('no token is told apart from a wrong one, and no message shows anything of a key', async () => {
    expect(await outcome(() => create({ keys: es().jwk })(undefined))).toBe('missing');
    const text = await outcomeText(() => create({ keys: es().jwk })('a.b.c'));
    expect(text).toBe('The token is malformed.');
  });
});

describe('jwt: tokens that were verified', () => {
  it('are remembered until their end', async () => {
    const host = new TestHost();
    const ask = create({ keys: signer('ES256').jwk }, host);
    const token = await sign(signer('ES256'));
    const first = ask(token);
    expect(first).toBeInstanceOf(Promise);
    const { claims } = await first;
    const again = ask(token);
    expect(again).not.toBeInstanceOf(Promise);
    expect((again as { claims: unknown }).claims).toBe(claims);
    expect(Object.isFrozen(claims)).toBe(true);
    host.time += 3_604_999;
    expect(ask(token)).not.toBeInstanceOf(Promise);
    host.time += 1;
    expect(await outcome(() => ask(token))).toBe('expired');
  });

  it('one that was refused is verified again', async () => {
    const host = new TestHost();
    const ask = create({ keys: signer('ES256').jwk }, host);
    const token = await sign(signer('ES256'), { claims: { nbf: nowSeconds + 60 } });
    expect(await outcome(() => ask(token))).toBe('early');
    host.time += 60_000;
    expect(await outcome(() => ask(token))).toBe('passes');
  });

  it('the last characters of a signature count, and so does its case', async () => {
    const ask = create({ keys: signer('ES256').jwk });
    const token = await sign(signer('ES256'));
    await ask(token);
    const swapped = token.slice(0, -3) + (token.at(-3) === 'A' ? 'B' : 'A') + token.slice(-2);
    expect(await outcome(() => ask(swapped))).toBe('signature');
  });
});

async function outcomeText(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}
