import { expect, it } from 'vitest';
import { countWords } from './count-words.js';

it.each([
  ['', 0],
  ['One, two; three!', 3],
  ['  spaces\n\nand lines ', 3],
  ["It's 3.5 km", 3],
  ['これは日本語です', 4],
])('counts the words of %j', (text, count) => {
  expect(countWords(text)).toBe(count);
});
