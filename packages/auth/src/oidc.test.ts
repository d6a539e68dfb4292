import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { jwtOn } from './jwt.js';
import { fetchDocument } from './keys/fetch-document.js';
import { noInfo, outcome } from './testing/host.js';
import { OidcIssuer, resource } from './testing/oidc-issuer.js';

/** The tests of a real provider share it, and run in their order. */
let issuer: OidcIssuer;

beforeAll(async () => {
  // It says that it runs without TLS, and with adapters for development.
  for (const level of ['info', 'warn', 'log'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  issuer = await OidcIssuer.start();
});
afterAll(() => issuer.stop());

function create() {
  const host = { time: Date.now(), now: () => host.time, fetchDocument };
  const lines: string[] = [];
  const tell = (message: string) => void lines.push(message);
  const authenticate = jwtOn(host, {
    issuer: issuer.url,
    audience: resource,
    jwksUrl: issuer.jwksUrl,
    type: 'at+jwt',
    logger: { error: tell, warn: tell, info: tell },
  });
  return { host, lines, authenticate, ask: (token: string) => outcome(() => authenticate(token, noInfo)) };
}

describe('a real OpenID provider', () => {
  it.each(['ES256', 'RS256', 'PS256', 'EdDSA'] as const)('its tokens of %s are taken', async (alg) => {
    const { authenticate } = create();
    const identity = await authenticate(await issuer.token({ alg }), noInfo);
    expect(identity).toMatchObject({ user: 'ada', claims: { iss: issuer.url, aud: resource, scope: 'chat' } });
    expect(identity.expiresAt).toBe((identity.claims as { exp: number }).exp * 1000 + 5_000);
  });

  it('a clock that is off is tolerated for 5 s', async () => {
    const { host, ask } = create();
    const token = await issuer.token({ ttl: 60 });
    host.time += 63_000;
    expect(await ask(token)).toBe('passes');
    host.time += 4_000;
    expect(await ask(token)).toBe('expired');
  });

  it('keys that rotate are found by their ids, and the old ones go', async () => {
    const { host, ask } = create();
    const first = await issuer.token();
    expect(await ask(first)).toBe('passes');
    await issuer.rotate('second', { keep: true });
    const second = await issuer.token();
    expect(await ask(second)).toBe('passes');
    expect(await ask(first)).toBe('passes');
    await issuer.rotate('third');
    host.time += 30_000;
    expect(await ask(await issuer.token())).toBe('unavailable');
    host.time += 30_000;
    expect(await ask(await issuer.token())).toBe('passes');
    expect(await ask(second)).not.toBe('passes');
  });

  it('while it is down, its keys are used; whoever starts meanwhile asks clients to come again', async () => {
    const { host, lines, ask } = create();
    const token = await issuer.token();
    expect(await ask(token)).toBe('passes');
    await issuer.stop();
    host.time += 9.9 * 60_000;
    const late = create();
    expect(await late.ask(token)).toBe('unavailable');
    expect(await ask(token)).toBe('passes');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    await issuer.resume();
    late.host.time += 1_000;
    expect(await late.ask(token)).toBe('passes');
    expect(late.lines).toHaveLength(2);
  });
});
