import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CryptoKey, SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, longwave, longwaveWith } from './testing/run.js';

const secret = 'the secret of these tests, 32 bytes at least';
let folder: string;
let signing: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'longwave-'));
  signing = await generateKeyPair('ES256');
  const publicJwk = { ...(await exportJWK(signing.publicKey)), kid: 'a' };
  const { publicKey: other } = await generateKeyPair('RS256');
  const rsa = createPublicKey(await exportSPKI(other))
    .export({ type: 'spki', format: 'pem' })
    .toString();
  const files: Readonly<Record<string, string>> = {
    secret: `${secret}\n`,
    short: 'short\n',
    empty: '',
    'keys.json': JSON.stringify({ keys: [publicJwk] }),
    'keys.pem': `${rsa}\n${await exportSPKI(signing.publicKey)}`,
    'config.mjs': 'export const channels = {}; export const authenticate = () => ({});',
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(path.join(folder, name), text)));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string): string => path.join(folder, name);
const common = ['--host', '127.0.0.1', '--port', '0', '--drain', '0'];

/** A token by the secret, or by the private key. */
function sign(key: 'secret' | 'key', issuer = 'tests'): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: key === 'secret' ? 'HS256' : 'ES256' })
    .setSubject('ada')
    .setIssuer(issuer)
    .setAudience('chat')
    .setExpirationTime('1h')
    .sign(key === 'secret' ? Buffer.from(secret) : signing.privateKey);
}

async function urlOf({ out }: Running): Promise<string> {
  const [, url] = await out.find(/listens on (\S+)/);
  return url!;
}

async function publish(url: string, token?: string): Promise<readonly [unknown, string]> {
  const pub = longwave('pub', 'news', '--url', url, '--quiet', ...(token === undefined ? [] : ['--token', token]));
  pub.type('hello');
  pub.endInput();
  return [await pub.ended, pub.err.all.join('\n')];
}

it('serve takes tokens by a secret, and says that they open everything', async () => {
  const flags = ['--jwt-issuer', 'tests', '--jwt-audience', 'chat', '--jwt-secret-file', file('secret')];
  const server = longwave('serve', ...common, ...flags);
  const url = await urlOf(server);
  await server.out.find(/Whoever has a token may read and publish everything/);
  expect((await publish(url, await sign('secret')))[0]).toBe(0);
  const [code, said] = await publish(url, await sign('key'));
  expect([code, said]).toEqual([1, expect.stringContaining('The algorithm of the token is not accepted')]);
  expect((await publish(url))[1]).toContain('There is no token.');
  expect((await publish(url, await sign('secret', 'others')))[1]).toContain('The token is of another issuer.');
});

it.each(['keys.json', 'keys.pem'])(
  'serve takes tokens by the keys of %s, and flags from the environment',
  async (name) => {
    const env = { LONGWAVE_JWT_ISSUER: 'any', LONGWAVE_JWT_AUDIENCE: 'chat', LONGWAVE_JWT_KEYS_FILE: file(name) };
    const url = await urlOf(longwaveWith(env, 'serve', ...common));
    expect((await publish(url, await sign('key', 'anybody')))[0]).toBe(0);
  },
);

it('serve takes the secret from the environment', async () => {
  const env = { LONGWAVE_JWT_ISSUER: 'any', LONGWAVE_JWT_AUDIENCE: 'any', LONGWAVE_JWT_SECRET: secret };
  const url = await urlOf(longwaveWith(env, 'serve', ...common));
  expect((await publish(url, await sign('secret')))[0]).toBe(0);
});

it.each([
  ['Tokens have one of --jwks-url', ['--jwt-issuer', 'a', '--jwt-audience', 'b']],
  ['Tokens need --jwt-issuer and --jwt-audience', ['--jwks-url', 'https://id.example.com/jwks']],
  ['https, or http on loopback', ['--jwks-url', 'http://id.example.com/jwks']],
  ['32 bytes at least, and this has 5', ['--jwt-secret-file', 'short']],
  ['32 bytes at least, and this has 0', ['--jwt-secret-file', 'empty']],
  ['holds no keys in PEM, and no JWK set', ['--jwt-keys-file', 'secret']],
  ['ENOENT', ['--jwt-keys-file', 'nowhere']],
  ['has an authenticate already', ['config.mjs', '--jwt-secret-file', 'secret']],
])('serve says what is wrong: %s', async (message, args) => {
  const named = args.map((arg) => (/^(?:--|https?:|[ab]$)/.test(arg) ? arg : file(arg)));
  const isComplete = message.startsWith('Tokens');
  const who = isComplete ? [] : ['--jwt-issuer', 'a', '--jwt-audience', 'b'];
  const run = longwave('serve', ...common, ...named, ...who);
  expect([await run.ended, run.err.all.join('\n')]).toEqual([1, expect.stringContaining(message)]);
  expect(run.err.all.join('\n')).not.toMatch(/ {4}at /);
});
