import { describe, expect, it } from 'vitest';
import { VerifiedTokens } from './verified-tokens.js';

const verified = { claims: {}, expiresAt: undefined };

describe('tokens that were verified', () => {
  it('are 10,000 at most: the least recently used goes first', () => {
    const tokens = new VerifiedTokens();
    for (let i = 0; i < 10_000; i++) tokens.add(`token ${i}`, 1, verified);
    expect(tokens.get('token 0', 1)).toBe(verified);
    tokens.add('one more', 1, verified);
    expect(tokens.size).toBe(10_000);
    expect([tokens.get('token 0', 1), tokens.get('token 1', 1)]).toEqual([verified, undefined]);
  });

  it('are 8 MiB at most, by the same order', () => {
    const tokens = new VerifiedTokens();
    const long = (i: number): string => `${i} ${'x'.repeat(8190 - String(i).length - 1)}`;
    for (let i = 0; i < 1024; i++) tokens.add(long(i), 1, verified);
    expect([tokens.size, tokens.get(long(0), 1)]).toEqual([1024, verified]);
    tokens.add(long(1024), 1, verified);
    tokens.add(long(1025), 1, verified);
    expect([tokens.get(long(0), 1), tokens.get(long(1), 1)]).toEqual([verified, undefined]);
  });

  it('are forgotten where the keys that verified them are others now', () => {
    const tokens = new VerifiedTokens();
    tokens.add('token', 1, verified);
    expect(tokens.get('token', 2)).toBeUndefined();
    expect(tokens.get('token', 2)).toBeUndefined();
    expect(tokens.size).toBe(0);
  });
});
