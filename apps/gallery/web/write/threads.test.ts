import { expect, it } from 'vitest';
import { encodeAnchor } from './anchor.js';
import { readThreads } from './threads.js';

const said = (user: string, text: string, time: number) => ({ id: `${time}`, user, text, time });
const range = { from: '{"a":1}', to: '{"b":2}' };

it('shows threads in the order in which they began, with the words that they are about', () => {
  const threads = readThreads([
    ['two', { comments: [said('Cy', 'Later.', 20)], resolved: { user: 'Ada', time: 50 } }],
    [
      'one',
      {
        anchor: encodeAnchor(range),
        quote: 'words',
        comments: [said('Ada', 'Shorter?', 10), said('Bob', 'I agree.', 30)],
      },
    ],
  ]);
  expect(threads.map(({ comments }) => comments.map(({ author, text }) => `${author}: ${text}`))).toEqual([
    ['Ada: Shorter?', 'Bob: I agree.'],
    ['Cy: Later.'],
  ]);
  expect(threads.map(({ isResolved }) => isResolved)).toEqual([false, true]);
  expect(threads.map(({ about }) => about)).toEqual([{ ...range, quote: 'words' }, undefined]);
});

it('takes what is no place in the text for none', () => {
  for (const anchor of ['nonsense', btoa('{}'), btoa('["a"]'), '']) {
    expect(readThreads([['one', { anchor, quote: 'x', comments: [said('Ada', 'Hm', 1)] }]])[0]!.about).toBeUndefined();
  }
});
