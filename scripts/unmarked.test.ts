import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const files = [...['sessions/session', 'sessions/intake', 'sessions/outlet'], 'delivery/subscription'].map(
  (file) => `packages/core/src/${file}.ts`,
);

/** See "Objects of a connection have no methods with `#`" in docs/decisions.md. */
it.each([
  ...files,
  'packages/websocket/src/connection/connection.ts',
  'packages/node/src/web-socket/web-socket-link.ts',
])('%s, of which each connection has an object, has no private method that marks it', (file) => {
  const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  expect(text).toContain('export class ');
  expect(text.match(/^ {2}(?:async |get |set )?#\w+\(/gm) ?? []).toEqual([]);
});
