import { expect, it } from 'vitest';
import { cleanPlayerName } from './player.js';

it('takes short names, in one form, and nothing else', () => {
  expect(cleanPlayerName('  Ada   L. ')).toBe('Ada L.');
  expect(cleanPlayerName('Zoe\u0301')).toBe('Zoé');
  for (const text of ['', '  ', '-Ada', 'Ada\u202e', '<b>', 'a name that is too long']) {
    expect(cleanPlayerName(text), text).toBeUndefined();
  }
});
