import { expect, it } from 'vitest';
import { wordsOfCode } from './words.mjs';

it('finds words in code alone', () => {
  const page = 'Say `retain.maxCount` or\n```ts\nconnect(url, { token });\n```\nbut not here: maxBytes';
  expect([...wordsOfCode(page)].toSorted()).toEqual(['connect', 'maxCount', 'retain', 'token', 'ts', 'url']);
});
