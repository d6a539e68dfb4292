import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const text = readFileSync(new URL('../../docs/proxies.md', import.meta.url), 'utf8');

it('the block for Caddy asks whether nodes are ready: without an interval it would ask every 30 s, and send clients to a node that is gone', () => {
  const [, block = ''] = /```caddy\n(.*?)```/s.exec(text) ?? [];
  expect(block).toMatch(/health_uri \/readyz\n/);
  const [, seconds] = /health_interval (\d+)s\n/.exec(block) ?? [];
  expect(Number(seconds)).toBeLessThanOrEqual(5);
});
