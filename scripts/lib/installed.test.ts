import { expect, it } from 'vitest';
import { isSatisfied } from './installed.mjs';

const wanted = {
  '': { name: 'x' },
  'packages/core': { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'a' },
  'node_modules/@b/other-platform': { version: '1.0.0', integrity: 'b', optional: true },
};
const present = { 'packages/core': { version: '0.1.0' }, 'node_modules/a': { version: '1.0.0', integrity: 'a' } };

it('is satisfied by what the lockfile names, without binaries of other platforms', () => {
  expect(isSatisfied(wanted, present)).toBe(true);
});

it('is not by another version, by a missing package, or by one that is no longer wanted', () => {
  expect(isSatisfied(wanted, { 'node_modules/a': { version: '1.0.1', integrity: 'c' } })).toBe(false);
  expect(isSatisfied(wanted, {})).toBe(false);
  expect(isSatisfied(wanted, { ...present, 'node_modules/old': { version: '1.0.0' } })).toBe(false);
});
