import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

// React's rule: the directive is the first statement of the module, and its exports are named one by one.
const entries = [
  './index.ts',
  '../../longwave/src/react.ts',
  '../../yjs/src/react/index.ts',
  '../../longwave/src/yjs-react.ts',
  '../../rooms/src/react/index.ts',
  '../../longwave/src/rooms-react.ts',
];

it.each(entries)('server components may import %s', async (path) => {
  const text = await readFile(new URL(path, import.meta.url), 'utf8');
  expect(text.split('\n')[0]).toBe("'use client';");
  expect(text).not.toMatch(/export \*/);
});
