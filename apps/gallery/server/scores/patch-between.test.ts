import { describe, expect, it } from 'vitest';
import { patchBetween } from './patch-between.js';

describe('the patch between two objects', () => {
  it('has what differs, and nothing else', () => {
    const before = { score: { home: 1, away: 0 }, status: 'first-half' };
    expect(patchBetween(before, { ...before, score: { home: 2, away: 0 } })).toEqual({ score: { home: 2 } });
    expect(patchBetween(before, { ...before, status: 'half-time' })).toEqual({ status: 'half-time' });
  });

  it('is none between equal ones', () => {
    expect(patchBetween({ a: { b: 1 } }, { a: { b: 1 } })).toBeUndefined();
  });
});
