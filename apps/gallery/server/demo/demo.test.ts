import { describe, expect, it } from 'vitest';
import { KillLimit } from './kill-limit.js';
import { mayKill, readKillRule } from './kill-rule.js';

describe('who may kill the server', () => {
  const here = { address: '127.0.0.1', origin: 'http://localhost:8080' };

  it('is a page of this machine, of a server that listens nowhere else', () => {
    expect(mayKill('this-machine', here)).toBe(true);
    expect(mayKill('this-machine', { address: '::1', origin: 'http://[::1]:8080' })).toBe(true);
  });

  it.each([
    ['the server listens on the network', { ...here, address: '0.0.0.0' }],
    ['the server listens on an address of the network', { ...here, address: '192.168.1.4' }],
    ['a proxy of this machine lets strangers in', { ...here, origin: 'https://demo.example' }],
    ['a name was rebound to this machine', { ...here, origin: 'http://evil.example:8080' }],
    ['it is no browser', { ...here, origin: undefined }],
    ['the page is a file', { ...here, origin: 'null' }],
    ['the name only looks like this machine', { ...here, origin: 'http://localhost.evil.example:8080' }],
  ])('is nobody when %s', (_, visit) => {
    expect(mayKill('this-machine', visit)).toBe(false);
    expect(mayKill('everybody', visit)).toBe(true);
    expect(mayKill('nobody', visit)).toBe(false);
  });

  it('is said by the owner, in words that are known', () => {
    expect([undefined, '', '1', 'true', '0', 'false'].map(readKillRule)).toEqual([
      'this-machine',
      'this-machine',
      'everybody',
      'everybody',
      'nobody',
      'nobody',
    ]);
    expect(() => readKillRule('yes')).toThrow('GALLERY_ALLOW_KILL must be 1 or 0');
  });
});

it('deaths keep their distance, and are few', () => {
  const limit = new KillLimit({ betweenMs: 10, most: 3, windowMs: 100 });
  expect(limit.take(0)).toBe(0);
  expect(limit.take(4)).toBe(6);
  expect(limit.take(10)).toBe(0);
  expect(limit.take(20)).toBe(0);
  expect(limit.take(30)).toBe(70);
  expect(limit.take(99)).toBe(1);
  expect(limit.take(100)).toBe(0);
});
