import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalMessages } from './base/refusal.js';
import { jwtAlgorithms } from './keys/algorithms.js';
import { jwtRules } from './read-options.js';

const page = readFileSync(new URL('../../../docs/authentication.md', import.meta.url), 'utf8');

describe('docs/authentication.md', () => {
  it.each(Object.keys(jwtRules))('the option %s stands there', (name) => {
    expect(page).toContain(`| \`${name}\` |`);
  });

  it.each(Object.values(refusalMessages))('what a client is told stands there: %s', (message) => {
    expect(page).toContain(`| ${message} |`);
  });

  it.each(jwtAlgorithms)('the algorithm %s stands there', (algorithm) => {
    expect(page).toMatch(new RegExp(`\\| \`algorithms\` .*\\b${algorithm}\\b`));
  });
});
