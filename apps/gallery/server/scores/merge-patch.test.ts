import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch.js';

describe('the patch between two objects', () => {
  it('has what differs, and nothing else', () => {
    const before = { score: { home: 1, away: 0 }, status: 'first-half' };
    expect(mergePatch(before, { ...before, score: { home: 2, away: 0 } })).toEqual({ score: { home: 2 } });
    expect(mergePatch(before, { ...before, status: 'half-time' })).toEqual({ status: 'half-time' });
  });

  it('is none between equal ones', () => {
    expect(mergePatch({ a: { b: 1 } }, { a: { b: 1 } })).toBeUndefined();
  });
});
