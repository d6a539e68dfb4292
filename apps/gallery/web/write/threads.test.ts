import { expect, it } from 'vitest';
import { commentKey, resolvedKey } from '../../shared/write-comments.js';
import { readThreads } from './threads.js';

const [first, second] = ['0123456789abcdef', 'fedcba9876543210'];
const about = { from: '{}', to: '{}', quote: 'words' };

it('puts threads together from entries that come in any order', () => {
  const threads = readThreads([
    [commentKey(first, second, 'Bob'), { value: { text: 'I agree.' }, time: 30 }],
    [resolvedKey(second), { value: { isResolved: true }, time: 50 }],
    [commentKey(second, first, 'Cy'), { value: { text: 'Later.', about }, time: 20 }],
    [commentKey(first, first, 'Ada'), { value: { text: 'Shorter?', about }, time: 10 }],
  ]);
  expect(threads.map(({ comments }) => comments.map(({ author, text }) => `${author}: ${text}`))).toEqual([
    ['Ada: Shorter?', 'Bob: I agree.'],
    ['Cy: Later.'],
  ]);
  expect(threads.map(({ isResolved }) => isResolved)).toEqual([false, true]);
});

it('leaves out what is no comment', () => {
  expect(
    readThreads([
      ['nonsense', { value: { text: 'x' }, time: 1 }],
      [resolvedKey(first), { value: { isResolved: true }, time: 2 }],
      [commentKey(first, first, 'Ada'), { value: { isResolved: true }, time: 3 }],
    ]),
  ).toEqual([]);
});
