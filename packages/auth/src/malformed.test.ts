import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { jwtOn } from './jwt.js';
import { TestHost, noInfo, outcome } from './testing/host.js';
import { type Signer, aud, createSigner, iss, join, nowSeconds, sign } from './testing/tokens.js';

let signer: Signer;
let token: string;
let ask: (token: string) => Promise<unknown>;

beforeAll(async () => {
  signer = await createSigner('ES256', 'a');
  token = await sign(signer);
  const host = new TestHost();
  host.answer = () => ({ keys: [signer.jwk] });
  const local = jwtOn(host, { issuer: iss, audience: aud, keys: signer.jwk });
  const remote = jwtOn(host, { issuer: iss, audience: aud, jwksUrl: 'https://id.example.com/jwks' });
  ask = async (given) => {
    const [first, second] = [await outcome(() => local(given, noInfo)), await outcome(() => remote(given, noInfo))];
    // A published set looks at more before it looks for a key, and asks to try again where it may not look.
    const isSame = first === second || (first === 'key' && [...refusals, 'unavailable'].includes(String(second)));
    return isSame ? first : [first, second];
  };
});

const refusals = ['malformed', 'algorithm', 'key', 'signature', 'expired', 'issuer', 'audience', 'early', 'endless'];

/** Whatever comes, it is refused with a reason: nothing else is thrown. */
async function expectRefused(given: string): Promise<void> {
  const answer = await ask(given);
  const isRefusal = given === '' ? answer === 'missing' : refusals.includes(String(answer));
  expect([given.slice(0, 200), isRefusal, answer]).toEqual([given.slice(0, 200), true, answer]);
}

describe('a malformed token is refused', () => {
  it('of any text', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), expectRefused), { numRuns: 500 });
  });

  it('of any three parts', async () => {
    const part = fc.stringMatching(/^[\w-]{0,40}$/);
    await fc.assert(
      fc.asyncProperty(part, part, part, (a, b, c) => expectRefused(`${a}.${b}.${c}`)),
      { numRuns: 500 },
    );
  });

  it('of any JSON as its header and its claims', async () => {
    const header = fc.oneof(
      fc.jsonValue(),
      fc.record({ alg: fc.oneof(fc.constant('ES256'), fc.jsonValue()), kid: fc.jsonValue(), crit: fc.jsonValue() }),
      fc.record({ alg: fc.constant('ES256'), b64: fc.jsonValue(), typ: fc.jsonValue(), zip: fc.jsonValue() }),
    );
    await fc.assert(
      fc.asyncProperty(header, fc.jsonValue(), (head, claims) =>
        expectRefused(join(head, claims, Buffer.alloc(64, 7).toString('base64url'))),
      ),
      { numRuns: 500 },
    );
  });

  it('where one character of a good one is another', async () => {
    const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom(...characters, '.', '=', ' ', '\n', '+'),
        async (at, other) => {
          fc.pre(token[at] !== other);
          // The last character of a part has bits that no byte takes up.
          fc.pre(at + 1 < token.length && token[at + 1] !== '.');
          await expectRefused(token.slice(0, at) + other + token.slice(at + 1));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('where it is cut, doubled or longer than 8 KiB', async () => {
    for (let length = 0; length < token.length; length++) await expectRefused(token.slice(0, length));
    for (const given of [`${token}.`, `.${token}`, token + token, `${token} `, ` ${token}`, `Bearer ${token}`]) {
      expect(await ask(given)).toBe('malformed');
    }
    const [head, body, signature] = token.split('.');
    expect(await ask(`${head}.${body}${'A'.repeat(8192)}.${signature}`)).toBe('malformed');
    expect(await ask('.'.repeat(1_000_000))).toBe('malformed');
    expect(await ask(`${'a'.repeat(4000)}.${'b'.repeat(4000)}`)).toBe('malformed');
  });

  it('where its claims are deep, or are no claims', async () => {
    const deep = await sign(signer, {
      claims: { deep: JSON.parse(`${'['.repeat(2000)}${']'.repeat(2000)}`) as unknown },
    });
    expect(await ask(deep)).toBe('passes');
    expect(await ask(await sign(signer, { claims: { exp: String(nowSeconds) } }))).toBe('malformed');
  });
});
