import { readFileSync } from 'node:fs';
import { defaultLimits } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { limitOptionRules } from './limit-options.js';
import { endpointRules, listenRules, serverRules } from './server-rules.js';

const page = readFileSync(new URL('../../../../docs/options.md', import.meta.url), 'utf8');

const named = {
  createServer: Object.keys(serverRules),
  limits: Object.keys(limitOptionRules),
  http: Object.keys(serverRules.http.fields ?? {}).filter((name) => name !== 'logger'),
  websocket: Object.keys(endpointRules),
  listen: Object.keys(listenRules),
};

describe.each(Object.entries(named))('docs/options.md: %s', (_, names) => {
  it.each(names)('%s stands there', (name) => {
    expect(page).toContain(`\`${name}\``);
  });
});

describe('docs/options.md: defaults of limits', () => {
  const sizes: Readonly<Record<string, string>> = {
    messageBytes: '64 KiB',
    answerBytes: '256 KiB',
    chunkBytes: '32 KiB',
    tailBytes: '256 KiB',
    addressConnectsPerSecond: '`Infinity`: off',
  };
  const seconds = (limit: number): string => `\`'${limit / 1000}s'\``;
  it.each(Object.entries(defaultLimits))('%s is %s', (limit, given) => {
    const name = limit.replace(/Ms$/, '');
    const told = name === limit ? given.toLocaleString('en') : seconds(given);
    expect(page).toContain(`| \`${name}\` | ${sizes[name] ?? told} |`);
  });
});
