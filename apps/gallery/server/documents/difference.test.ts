import { expect, it } from 'vitest';
import { shortenDifference } from './difference.js';

it('keeps what changed, and the ends of what did not', () => {
  const { parts, isCut } = shortenDifference([
    { change: 'kept', text: `start${'x'.repeat(1000)}end` },
    { change: 'inserted', text: 'new '.repeat(200), user: 'Ada' },
    { change: 'kept', text: 'short' },
  ]);
  expect(isCut).toBe(false);
  expect(parts[0]!.text).toMatch(/^startx+ … x+end$/);
  expect(parts[0]!.text.length).toBeLessThan(400);
  expect(parts.slice(1)).toEqual([
    { change: 'inserted', text: 'new '.repeat(200), user: 'Ada' },
    { change: 'kept', text: 'short' },
  ]);
});

it('says when there is more than it tells', () => {
  const large = shortenDifference([{ change: 'removed', text: 'y'.repeat(100_000) }]);
  expect(large).toMatchObject({ isCut: true, parts: [{ text: 'y'.repeat(40_000) }] });
  const many = Array.from({ length: 1000 }, (_, i) => ({
    change: i % 2 ? ('kept' as const) : ('inserted' as const),
    text: 'z',
  }));
  expect(shortenDifference(many)).toMatchObject({ isCut: true });
});
