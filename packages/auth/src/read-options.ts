import { KeyObject } from 'node:crypto';
import { type OptionRule, type RulesOf, checkOptions, isPlainObject, option } from '@longwave/protocol';
import type { JwtOptions } from './jwt-options.js';
import { isAlgorithm, type JwtAlgorithm, jwtAlgorithms } from './keys/algorithms.js';
import {
  UnusableKey,
  type VerifyingKey,
  isJwk,
  keyOfJwk,
  keyOfObject,
  keyOfPem,
  keyOfSecret,
} from './keys/verifying-key.js';

const isText = option.text.fits;

const names = (accepts: string): OptionRule => ({
  accepts: `${accepts}, a list of them, or false`,
  fits: (value) =>
    value === false || isText(value) || (Array.isArray(value) && value.length > 0 && value.every(isText)),
  required: true,
});

export const jwtRules: RulesOf<JwtOptions> = {
  issuer: names("the iss of the tokens, such as 'https://id.example.com'"),
  audience: names("the aud of the tokens, such as 'https://chat.example.com'"),
  secret: {
    accepts: 'a text or bytes',
    fits: (value) => typeof value === 'string' || value instanceof Uint8Array,
    secret: true,
  },
  keys: {
    accepts: 'a key, a list of keys or a JWK set; a key is PEM, a JWK or a public KeyObject',
    fits: (value) => listOf(value) !== undefined,
    secret: true,
  },
  jwksUrl: {
    accepts:
      "a URL such as 'https://id.example.com/jwks': https, or http on loopback, without user, password, fragment or gaps to fill",
    fits: isKeysUrl,
  },
  algorithms: {
    accepts: `a list of some of ${jwtAlgorithms.join(', ')}`,
    fits: (value) => Array.isArray(value) && value.length > 0 && value.every(isAlgorithm),
  },
  type: option.text,
  clockTolerance: option.duration(0, 300_000),
  requireExpiry: option.flag,
  user: {
    accepts: 'the name of a claim, or a function',
    fits: (value) => isText(value) || typeof value === 'function',
  },
  claims: option.callback,
  clock: option.methods('a clock', 'now'),
  logger: option.methods('a logger', 'error', 'info'),
};

/** Throws `TypeError` that names the option. */
export function checkJwtOptions(options: object): void {
  checkOptions('jwt', options, jwtRules);
  const { secret, keys, jwksUrl } = options as JwtOptions;
  const given = [secret, keys, jwksUrl].filter((one) => one !== undefined).length;
  if (given !== 1)
    throw new TypeError(`jwt: ${given === 0 ? 'none' : given} of secret, keys and jwksUrl are given; it must be one.`);
}

/** Reads the keys that stand in the options. Throws `TypeError` that names the option, and never shows a key. */
export function readKeys({ secret, keys, algorithms }: JwtOptions<unknown>): readonly VerifyingKey[] {
  if (secret !== undefined) {
    if (typeof secret === 'string' && secret.includes('-----BEGIN ')) {
      throw new TypeError('jwt: secret is PEM; give a public key as keys.');
    }
    return [named('secret', () => keyOfSecret(Buffer.from(secret as Uint8Array), algorithms))];
  }
  const list = listOf(keys) ?? [];
  return list.map((key, i) => named(list.length === 1 ? 'keys' : `keys[${i}]`, () => readKey(key, algorithms)));
}

function readKey(key: unknown, allowed: readonly JwtAlgorithm[] | undefined): VerifyingKey {
  if (typeof key === 'string') return keyOfPem(key, allowed);
  if (key instanceof KeyObject) return keyOfObject(key, allowed);
  return keyOfJwk(key as Readonly<Record<string, unknown>>, allowed);
}

function named(name: string, read: () => VerifyingKey): VerifyingKey {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnusableKey)) throw error;
    throw new TypeError(`jwt: ${name} cannot be used: ${error.message}.`, { cause: error });
  }
}

/** The keys in an option. Undefined: it holds something else. */
function listOf(value: unknown): readonly unknown[] | undefined {
  const isSet = isPlainObject(value) && Array.isArray(value['keys']);
  const list: readonly unknown[] = isSet
    ? (value['keys'] as readonly unknown[])
    : Array.isArray(value)
      ? value
      : [value];
  const isKey = (one: unknown): boolean => isText(one) || isJwk(one) || one instanceof KeyObject;
  return list.length > 0 && list.every(isSet ? isJwk : isKey) ? list : undefined;
}

/** The keys come from one place, which nothing in a token chooses. */
function isKeysUrl(value: unknown): boolean {
  if (!isText(value) && !(value instanceof URL)) return false;
  const text = String(value);
  if (/[{}<>*$\s]|%7b|\/:/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
