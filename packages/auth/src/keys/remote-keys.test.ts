import { describe, expect, it } from 'vitest';
import { jwtOn } from '../jwt.js';
import { TestHost, noInfo, outcome } from '../testing/host.js';
import { type Signer, aud, createSigner, iss, nowSeconds, sign } from '../testing/tokens.js';

/** Lets what was begun in the background come to its end. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

const minute = 60_000;
const hour = 60 * minute;

async function setUp() {
  const host = new TestHost();
  const lines: string[] = [];
  const tell = (message: string) => void lines.push(message);
  const authenticate = jwtOn(host, {
    issuer: iss,
    audience: aud,
    jwksUrl: 'https://id.example.com/jwks?secret=1',
    clockTolerance: 0,
    logger: { error: tell, warn: tell, info: tell },
  });
  const publish = (...signers: Signer[]) => void (host.answer = () => ({ keys: signers.map(({ jwk }) => jwk) }));
  const goDown = () =>
    void (host.answer = () => {
      throw new Error('connection refused');
    });
  const [a, b] = [await createSigner('ES256', 'a'), await createSigner('ES256', 'b')];
  publish(a);
  const ask = (token: string) => outcome(() => authenticate(token, noInfo));
  /** A token that lasts a week. */
  const tokenOf = (signer: Signer, claims = {}) =>
    sign(signer, { claims: { exp: nowSeconds + 7 * 86_400, ...claims } });
  return { host, lines, publish, goDown, a, b, ask, tokenOf, authenticate };
}

describe('keys of an issuer', () => {
  it('are fetched once, for all that come meanwhile', async () => {
    const { host, ask, tokenOf, a } = await setUp();
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, i) => tokenOf(a, { jti: String(i) })));
    expect(new Set(await Promise.all(tokens.map(ask)))).toEqual(new Set(['passes']));
    expect(host.fetches).toHaveLength(1);
  });

  it('are renewed in the background after 8 minutes, and waited for after 10', async () => {
    const { host, ask, tokenOf, a, authenticate } = await setUp();
    const token = await tokenOf(a);
    await ask(token);
    host.time += 8 * minute - 1;
    await ask(token);
    expect(host.fetches).toHaveLength(1);
    host.time += 1;
    // It is at hand though the fetch is under way.
    expect(authenticate(token, noInfo)).not.toBeInstanceOf(Promise);
    expect(host.fetches).toHaveLength(2);
    await settle();
    await ask(await tokenOf(a, { jti: '2' }));
    host.time += 10 * minute;
    expect(authenticate(token, noInfo)).toBeInstanceOf(Promise);
    expect(host.fetches).toHaveLength(3);
  });

  it('a key that was withdrawn is not taken 10 minutes later, remembered tokens included', async () => {
    const { host, ask, tokenOf, publish, a, b } = await setUp();
    publish(a, b);
    const [ofA, ofB] = [await tokenOf(a), await tokenOf(b)];
    expect([await ask(ofA), await ask(ofB)]).toEqual(['passes', 'passes']);
    publish(b);
    host.time += 10 * minute;
    expect(await ask(ofA)).toBe('key');
    expect(await ask(ofB)).toBe('passes');
  });

  it('a key that is new is found with its first token, though the set was just read', async () => {
    const { host, ask, tokenOf, publish, a, b } = await setUp();
    expect(await ask(await tokenOf(a))).toBe('passes');
    publish(a, b);
    host.time += 10;
    expect(await ask(await tokenOf(b))).toBe('passes');
    expect(host.fetches).toHaveLength(2);
  });

  it('a key under a known id is found no later than 10 minutes after', async () => {
    const { host, ask, tokenOf, publish, a, b } = await setUp();
    expect(await ask(await tokenOf(a))).toBe('passes');
    const renamed = { ...b, kid: 'a', jwk: { ...b.jwk, kid: 'a' } };
    publish(renamed);
    expect(await ask(await tokenOf(renamed))).toBe('signature');
    host.time += 10 * minute;
    expect(await ask(await tokenOf(renamed))).toBe('passes');
  });

  it('only a token that could pass has its key looked for', async () => {
    const { host, ask, tokenOf, a, b } = await setUp();
    await ask(await tokenOf(a));
    expect(await ask(await tokenOf(b, { exp: nowSeconds - 60 }))).toBe('expired');
    expect(await ask(await tokenOf(b, { iss: 'https://other.example' }))).toBe('issuer');
    const hmac: Signer = { alg: 'HS256', kid: 'z', key: new Uint8Array(32), jwk: { kty: 'oct' } };
    expect(await ask(await tokenOf(hmac))).toBe('algorithm');
    expect(await ask(await tokenOf({ ...b, kid: 'x'.repeat(300) }))).toBe('malformed');
    expect(host.fetches).toHaveLength(1);
  });

  it('of what an issuer publishes, keys that verify nothing here are left out, secrets among them', async () => {
    const { host, ask, tokenOf, lines, a, b } = await setUp();
    const secret = { kty: 'oct', kid: 'z', k: 'A'.repeat(60), alg: 'HS256' };
    host.answer = () => ({
      keys: [secret, { ...b.jwk, use: 'enc' }, { kty: 'OKP', crv: 'X25519' }, 7, null, {}, a.jwk],
    });
    expect(await ask(await tokenOf(a))).toBe('passes');
    expect(await ask(await tokenOf(b))).toBe('key');
    expect(lines).toEqual([]);
  });

  it('an issuer that withdraws all of its keys is obeyed, and the log says so once', async () => {
    const { host, ask, tokenOf, lines, publish, a } = await setUp();
    const token = await tokenOf(a);
    await ask(token);
    publish();
    host.time += 10 * minute;
    expect(await ask(token)).toBe('key');
    host.time += 10 * minute;
    expect(await ask(token)).toBe('key');
    expect(lines).toEqual(['https://id.example.com/jwks has no key that can be used.']);
  });

  it.each([
    ['no object', 7],
    ['no keys', { key: [] }],
    ['too many keys', { keys: Array.from({ length: 101 }, () => ({})) }],
  ])('an answer with %s changes nothing', async (_, answer) => {
    const { host, ask, tokenOf, lines, a } = await setUp();
    const token = await tokenOf(a);
    await ask(token);
    host.answer = () => answer;
    host.time += 10 * minute;
    expect(await ask(token)).toBe('passes');
    expect(lines).toEqual(['The keys of https://id.example.com/jwks cannot be fetched.']);
  });
});

describe('an issuer that is down', () => {
  it('refuses nobody as unauthenticated: they try again, and are let in when it is back', async () => {
    const { host, lines, ask, tokenOf, publish, goDown, a } = await setUp();
    goDown();
    const token = await tokenOf(a);
    expect(await ask(token)).toBe('unavailable');
    expect(await ask(token)).toBe('unavailable');
    expect(host.fetches).toHaveLength(1);
    publish(a);
    host.time += 1000;
    expect(await ask(token)).toBe('passes');
    expect(lines).toEqual([
      'The keys of https://id.example.com/jwks cannot be fetched.',
      'The keys of https://id.example.com/jwks can be fetched again.',
    ]);
  });

  it('tells clients when to come again, and is asked less and less often', async () => {
    const { host, authenticate, tokenOf, goDown, a } = await setUp();
    goDown();
    const token = await tokenOf(a);
    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const error = await Promise.resolve()
        .then(() => authenticate(token, noInfo))
        .catch((reason: unknown) => reason as { retryAfterMs: number });
      const { retryAfterMs } = error as { retryAfterMs: number };
      waits.push(retryAfterMs);
      host.time += retryAfterMs;
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(host.fetches).toHaveLength(7);
  });

  it('its keys are used for 24 hours, without anybody waiting for it', async () => {
    const { host, ask, tokenOf, goDown, publish, a, authenticate } = await setUp();
    const token = await tokenOf(a);
    await ask(token);
    const { time: began } = host;
    goDown();
    let waited = 0;
    for (host.time += 5 * minute; host.time < began + 24 * hour; host.time += 20_000) {
      const answer = authenticate(token, noInfo);
      if (answer instanceof Promise) waited++;
      await answer;
      await settle();
    }
    expect(waited).toBe(0);
    const perMinute = (host.fetches.length - 1) / (24 * 60);
    expect(perMinute).toBeGreaterThan(1);
    expect(perMinute).toBeLessThanOrEqual(2);
    host.time = began + 24 * hour;
    expect(await ask(token)).toBe('unavailable');
    publish(a);
    host.time += minute;
    expect(await ask(token)).toBe('passes');
  });

  it('after hours without a token the first one waits for a new look', async () => {
    const { host, ask, tokenOf, goDown, publish, a, b } = await setUp();
    const token = await tokenOf(a);
    await ask(token);
    goDown();
    host.time += 9 * minute;
    await ask(token);
    await settle();
    publish(b);
    host.time += 3 * hour;
    expect(await ask(token)).toBe('key');
  });

  it('a token of an unknown key is not refused for good', async () => {
    const { host, ask, tokenOf, goDown, publish, a, b } = await setUp();
    await ask(await tokenOf(a));
    goDown();
    const token = await tokenOf(b);
    expect(await ask(token)).toBe('unavailable');
    publish(a, b);
    host.time += minute;
    expect(await ask(token)).toBe('passes');
  });
});

describe('10,000 invented key ids a second', () => {
  async function setUpAttack() {
    const world = await setUp();
    const { ask, tokenOf, a, b } = world;
    expect(await ask(await tokenOf(a))).toBe('passes');
    const [, payload, signature] = (await tokenOf(b)).split('.');
    let count = 0;
    const invent = (): string => {
      const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: `i${count++}` })).toString('base64url');
      return `${header}.${payload}.${signature}`;
    };
    const strike = (tokens: number) => Promise.all(Array.from({ length: tokens }, () => ask(invent())));
    return { ...world, strike };
  }

  /** The most fetches within any minute. */
  const mostInAMinute = (fetches: readonly number[]): number =>
    Math.max(...fetches.map((from) => fetches.filter((at) => at >= from && at < from + minute).length));

  it('cause at most 2 fetches a minute, and are told to try again until one was made for them', async () => {
    const { host, strike } = await setUpAttack();
    const answers = new Set<unknown>();
    for (let tenths = 0; tenths < 30; tenths++) {
      host.time += 100;
      for (const answer of await strike(1000)) answers.add(answer);
    }
    expect(host.fetches).toHaveLength(2);
    expect(answers).toEqual(new Set(['key', 'unavailable']));
  });

  it('do so for as long as they come, and keep no rotated key out for more than a minute', async () => {
    const { host, ask, tokenOf, publish, strike, a } = await setUpAttack();
    const published = [a];
    const waiting = new Map<string, { readonly since: number; readonly token: string }>();
    const delays: number[] = [];
    for (let tenths = 0; tenths < 6000; tenths++) {
      host.time += 100;
      // The attacker comes first, at every instant.
      await strike(3);
      if (tenths % 700 === 350) {
        const next = await createSigner('ES256', `r${tenths}`);
        published.push(next);
        publish(...published);
        waiting.set(`r${tenths}`, { since: host.time, token: await tokenOf(next) });
      }
      for (const [kid, { since, token }] of waiting) {
        const answer = await ask(token);
        // Nobody whose key is new is refused for good.
        expect(['passes', 'unavailable']).toContain(answer);
        if (answer !== 'passes') continue;
        delays.push(host.time - since);
        waiting.delete(kid);
      }
    }
    expect(delays).toHaveLength(9);
    expect(Math.max(...delays)).toBeLessThanOrEqual(minute);
    // Only the first minute, which began with the first fetch of all, is as slow as that.
    expect(delays.filter((delay) => delay > 30_000).length).toBeLessThanOrEqual(1);
    expect(mostInAMinute(host.fetches)).toBe(2);
    expect(host.fetches.length).toBeGreaterThan(15);
  });
});
