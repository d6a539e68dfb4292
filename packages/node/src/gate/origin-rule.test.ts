import { describe, expect, it } from 'vitest';
import { type AllowedOrigins, createOriginRule } from './origin-rule.js';

describe('the origins that may connect', () => {
  it.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com/', 'https://example.com'],
    ['HTTPS://Example.COM:443', 'https://example.com'],
    ['http://localhost:5173', 'http://localhost:5173'],
    ['http://[::1]:80', 'http://[::1]'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['tauri://localhost', 'tauri://localhost'],
    ['chrome-extension://ABCdef', 'chrome-extension://abcdef'],
  ])('HTTP-7: %s is compared as %s', (entry, origin) => {
    expect(createOriginRule([entry])).toEqual({ kind: 'listed', origins: new Set([origin]) });
  });

  it.each([
    ['*', /stands alone/],
    ['null', /can never match/],
    ['', /a scheme and a host/],
    ['example.com', /a scheme and a host/],
    ['localhost:5173', /a scheme and a host/],
    ['file://', /a scheme and a host/],
    ['https://*.example.com', /no wildcards/],
    ['wss://example.com', /the scheme https:/],
    ['https://example.com/app', /ends behind its host: 'https:\/\/example.com'/],
    ['https://example.com/?a', /ends behind its host/],
    ['https://ada@example.com', /ends behind its host/],
  ])("HTTP-7: '%s', which no browser sends, is refused at the start", (entry, reason) => {
    const create = () => createOriginRule(['https://a.example', entry]);
    expect(create).toThrow(RangeError);
    expect(create).toThrow(/^allowedOrigins: /);
    expect(create).toThrow(reason);
  });

  it.each(['https://app.example.com', 5, null, {}, true, [5], [null], new Set(['https://a.example'])])(
    'HTTP-7: what is no list is refused at the start: %j',
    (given) => {
      const create = () => createOriginRule(given as AllowedOrigins, 'allowedOrigins of /echo');
      expect(create).toThrow(TypeError);
      expect(create).toThrow(/^allowedOrigins of \/echo must /);
    },
  );
});
