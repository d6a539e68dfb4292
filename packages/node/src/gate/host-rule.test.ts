import { describe, expect, it } from 'vitest';
import { type AllowedHosts, createHostRule, isHostAllowed, isLoopback } from './host-rule.js';

describe('the names by which a server is reached', () => {
  it.each([
    'localhost',
    'LOCALHOST:8080',
    'app.localhost:1',
    '127.0.0.1:8080',
    '[::1]:8080',
    '10.0.0.1',
    'longwave',
    '',
  ])("HTTP-9: '%s' passes on loopback", (host) => {
    expect(isHostAllowed(host, createHostRule(undefined), true)).toBe(true);
    expect(isHostAllowed(host, createHostRule(['example.com']), false)).toBe(true);
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1.',
    '1.2',
  ])("HTTP-9: '%s' does not, nor where others are named", (host) => {
    const passes = host === '127.0.0.1.';
    expect(isHostAllowed(host, createHostRule(undefined), true)).toBe(passes);
    expect(isHostAllowed(host, createHostRule(['example.com']), false)).toBe(passes);
    expect(isHostAllowed(host, createHostRule('*'), true)).toBe(true);
    expect(isHostAllowed(host, createHostRule(undefined), false)).toBe(true);
  });

  it('HTTP-9: a name in the list passes with any port, in any case; one with a port with that alone', () => {
    const rule = createHostRule(['Example.com', 'b.example:8443', 'dot.example.']);
    for (const host of ['example.com', 'EXAMPLE.com:99', 'example.com.', 'b.example:8443', 'dot.example:1']) {
      expect([host, isHostAllowed(host, rule, true)]).toEqual([host, true]);
    }
    for (const host of ['b.example', 'b.example:1', 'a.example.com']) {
      expect([host, isHostAllowed(host, rule, true)]).toEqual([host, false]);
    }
  });

  it.each(['https://example.com', 'example.com/', '*.example.com', '', 'a b'])(
    "HTTP-9: '%s', which is no host, is refused at the start",
    (entry) => expect(() => createHostRule([entry])).toThrow(/^allowedHosts: .* can never match/),
  );

  it.each(['example.com', 5, null, [5]])('HTTP-9: what is no list is refused at the start: %j', (given) =>
    expect(() => createHostRule(given as AllowedHosts)).toThrow(TypeError),
  );

  it('knows an address that only its own machine reaches', () => {
    const at = (address: string) => isLoopback({ address, family: '', port: 1 });
    expect(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'].map(at)).toEqual([true, true, true, true]);
    expect(['::', '0.0.0.0', '10.0.0.1', '12.7.0.1'].map(at)).toEqual([false, false, false, false]);
    expect([null, undefined, '/run/app.sock'].map(isLoopback)).toEqual([false, false, false]);
  });
});
