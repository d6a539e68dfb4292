import { readFileSync } from 'node:fs';
import { defaultLimits } from '@longwave/core';
import { describe, expect, it } from 'vitest';
import { endpointRules, listenRules, serverRules } from './server-rules.js';

const page = readFileSync(new URL('../../../../docs/options.md', import.meta.url), 'utf8');

const named = {
  createServer: Object.keys(serverRules),
  limits: Object.keys(defaultLimits),
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
    chunkBytes: '32 KiB',
    tailBytes: '256 KiB',
    addressConnectsPerSecond: '`Infinity`: off',
  };
  it.each(Object.entries(defaultLimits))('%s is %s', (name, limit) => {
    expect(page).toContain(`| \`${name}\` | ${sizes[name] ?? limit.toLocaleString('en')} |`);
  });
});
