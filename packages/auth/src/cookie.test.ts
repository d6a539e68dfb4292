import type { ConnectionInfo, Identity } from '@longwave/core';
import { LongwaveError } from '@longwave/protocol';
import { describe, expect, it } from 'vitest';
import { anyOf } from './any-of.js';
import { type CookieLookup, cookie } from './cookie.js';
import { jwt } from './jwt.js';
import { outcome } from './testing/host.js';
import { type TokenParts, aud, iss, nowSeconds, sign } from './testing/tokens.js';

const info = (header?: string): ConnectionInfo => ({ transport: 'test', headers: { cookie: header } });
const sessions: Readonly<Record<string, Identity>> = {
  s1: { user: 'ada' },
  s2: { user: 'grace', claims: { admin: true } },
};

describe('cookie', () => {
  it('the session says who it is, now or later', async () => {
    const seen: unknown[] = [];
    const request = info('a=b; sid=s2');
    const now = cookie('sid', (value, given) => {
      seen.push(given);
      return sessions[value];
    });
    expect(now('a token', request)).toBe(sessions['s2']);
    expect(seen).toEqual([request]);
    const later = cookie('sid', async (value) => sessions[value]);
    expect(await later(undefined, request)).toBe(sessions['s2']);
    // A query of a database library is no Promise of this realm.
    const thenable = { then: (done: (value: unknown) => void) => done(undefined) } as unknown as Promise<undefined>;
    expect(await outcome(() => cookie('sid', () => thenable)(undefined, request))).toBe('session');
  });

  it.each([
    ['no-cookie', undefined],
    ['no-cookie', 'other=s1'],
    ['no-cookie', 'sid='],
    ['session', 'sid=s9'],
  ])('%s: %j', async (expected, header) => {
    for (const lookup of [(value: string) => sessions[value], async (value: string) => sessions[value] ?? null]) {
      expect(await outcome(() => cookie('sid', lookup)(undefined, info(header)))).toBe(expected);
    }
  });

  it('a lookup that fails logs nobody out, and is told of once', async () => {
    const lines: unknown[] = [];
    const logger = { error: (...line: unknown[]) => void lines.push(line), info: () => undefined };
    const down = new Error('connection refused');
    const fail = (): never => {
      throw down;
    };
    for (const lookup of [fail, async () => fail()] satisfies CookieLookup[]) {
      const authenticate = cookie('sid', lookup, { logger });
      for (let i = 0; i < 3; i++) {
        expect(await outcome(() => authenticate(undefined, info('sid=s1')))).toBe('unavailable');
      }
    }
    expect(lines).toEqual(Array.from({ length: 2 }, () => ['A session could not be looked up by its cookie.', down]));
  });

  it('an error with a code is passed on', async () => {
    const banned = async () => {
      throw new LongwaveError('forbidden', 'Banned.');
    };
    expect(await outcome(() => cookie('sid', banned)(undefined, info('sid=s1')))).toBe('forbidden');
  });
});

describe('anyOf', () => {
  const secret = 'x'.repeat(32);
  const signer = { alg: 'HS256', kid: undefined, key: Buffer.from(secret), jwk: { kty: 'oct' } };
  const exp = 2 * nowSeconds;
  const token = (parts: TokenParts = {}) => sign(signer, { ...parts, claims: { exp, ...parts.claims } });
  const both = anyOf(
    jwt({ issuer: iss, audience: aud, secret }),
    cookie('sid', (value) => sessions[value]),
  );
  const userOf = async (given: string | undefined, header?: string) => (await both(given, info(header))).user;

  it('the first that finds credentials decides', async () => {
    expect(await userOf(await token({ claims: { sub: 'alan' } }), 'sid=s1')).toBe('alan');
    expect(await userOf(undefined, 'sid=s1')).toBe('ada');
    expect(await outcome(async () => both(await token({ claims: { exp: 1 } }), info('sid=s1')))).toBe('expired');
    expect(await outcome(() => both('nonsense', info('sid=s1')))).toBe('malformed');
    expect(await outcome(() => both(undefined, info('sid=s9')))).toBe('session');
    expect(await outcome(() => both(undefined, info()))).toBe('missing');
  });

  it('a token of another issuer is for the next', async () => {
    const other = jwt({ issuer: 'https://b.example', audience: aud, secret });
    const two = anyOf(jwt({ issuer: iss, audience: aud, secret }), other);
    expect((await two(await token({ claims: { iss: 'https://b.example', sub: 'bob' } }), info())).user).toBe('bob');
    expect(await outcome(async () => two(await token({ claims: { iss: 'https://c.example' } }), info()))).toBe(
      'issuer',
    );
    expect(await outcome(async () => two(await token({ claims: { aud: 'mail' } }), info()))).toBe('audience');
  });

  it('a function of the application passes on with undefined, and refuses by throwing', async () => {
    const key = (given?: string) => {
      if (!given?.startsWith('key-')) return undefined;
      if (given !== 'key-1') throw new LongwaveError('unauthenticated', 'No such key.');
      return { user: 'robot' };
    };
    const all = anyOf(
      key,
      async (given) => key(given),
      both,
      () => ({}),
    );
    expect(await all('key-1', info())).toEqual({ user: 'robot' });
    expect(await outcome(() => all('key-2', info('sid=s1')))).toBe('unauthenticated');
    expect((await all(undefined, info('sid=s1'))).user).toBe('ada');
    expect(await all(undefined, info())).toEqual({});
  });

  it('is made of two functions at least', () => {
    expect(() => anyOf(() => ({}))).toThrow(TypeError);
    expect(() => anyOf(() => ({}), 7 as never)).toThrow(/anyOf: the authenticators must be functions/);
  });
});
