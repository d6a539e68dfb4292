import { expect, it } from 'vitest';
import { makeId } from './make-id.js';

it('makes ids that a command line takes for no option', () => {
  const ids = Array.from({ length: 2000 }, makeId);
  expect(new Set(ids).size).toBe(2000);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
});
