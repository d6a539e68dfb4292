import { describe, expect, it } from 'vitest';
import { authenticateGuest, mayGuest } from './guests.js';

const trace = '0123456789abcdef0123456789abcdef';

describe('guests', () => {
  it('read without a name and take one with a token', () => {
    expect(authenticateGuest(undefined)).toEqual({});
    expect(authenticateGuest('guest:Ada')).toEqual({ user: 'Ada' });
    expect(() => authenticateGuest('admin')).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  });

  it('write to rooms only with a name', () => {
    expect(mayGuest(undefined, 'subscribe', 'chat/lobby')).toBe(true);
    expect(mayGuest(undefined, 'history', 'chat/lobby')).toBe(true);
    expect(mayGuest(undefined, 'publish', 'chat/lobby')).toBe(false);
    expect(mayGuest('Ada', 'publish', 'chat/lobby')).toBe(true);
    // RED-3: `true` is a right to one's own messages alone.
    expect(mayGuest('Ada', 'redact', 'chat/lobby')).toBe(true);
    expect(mayGuest(undefined, 'redact', 'chat/lobby')).toBe(false);
    expect(mayGuest('Ada', 'redact', 'news')).toBe(false);
    expect(mayGuest('Ada', 'publish', 'chat/Not A Room')).toBe(false);
  });

  it('watch a trace and never write to one', () => {
    expect(mayGuest('Ada', 'subscribe', `echo/${trace}`)).toBe(true);
    expect(mayGuest('Ada', 'publish', `echo/${trace}`)).toBe(false);
    expect(mayGuest('Ada', 'history', `echo/${trace}`)).toBe(false);
    expect(mayGuest('Ada', 'subscribe', 'echo/1')).toBe(false);
  });

  it('watch their lab and never write to one', () => {
    expect(mayGuest(undefined, 'subscribe', `compare/${trace}`)).toBe(true);
    expect(mayGuest('Ada', 'publish', `compare/${trace}`)).toBe(false);
    expect(mayGuest(undefined, 'subscribe', 'compare/1')).toBe(false);
  });

  it('watch the market and never move it', () => {
    for (const channel of ['quotes', 'market', 'book/CEDF', 'trades/CEDF']) {
      expect(mayGuest(undefined, 'subscribe', channel)).toBe(true);
      expect(mayGuest('Ada', 'publish', channel)).toBe(false);
    }
    expect(mayGuest(undefined, 'subscribe', 'book/NONE')).toBe(false);
  });

  it('lets everybody watch the fleet, and nobody move it', () => {
    for (const channel of ['fleet', 'fleet-events', 'fleet-stats']) {
      expect(mayGuest(undefined, 'subscribe', channel)).toBe(true);
      expect(mayGuest('Ada', 'publish', channel)).toBe(false);
    }
  });

  it('play in rooms and watch them without a name, and write no lobby', () => {
    for (const room of ['arena/main', 'four/attic']) {
      expect(
        ['subscribe', 'presence', 'publish', 'history'].map((action) => mayGuest(undefined, action as never, room)),
      ).toEqual([true, true, false, false]);
    }
    for (const other of ['arena/No Room', 'four/', 'arena/a/b'])
      expect(mayGuest('Ada', 'subscribe', other)).toBe(false);
    expect(mayGuest(undefined, 'subscribe', 'lobby')).toBe(true);
    expect(mayGuest('Ada', 'publish', 'lobby')).toBe(false);
  });
});
