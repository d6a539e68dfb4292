import type { Message } from 'longwave/client';
import { expect, it } from 'vitest';
import type { Part, Turn } from '../../shared/assistant/talk.js';
import { unfinished } from './unfinished.js';

const at = <T>(offset: number, data: T): Message<T> => ({ data, meta: { offset, epoch: 'e' } as Message<T>['meta'] });
const ask = (offset: number): Message<Turn> => at(offset, { role: 'user', text: '?' });
const say = (offset: number): Message<Turn> => at(offset, { role: 'assistant', text: 'Yes.', end: 'done' });
const part = (offset: number, question: number, text: string): Message<Part> => at(offset, { question, text });

it('is what was said so far to the last question, while that has no answer', () => {
  const parts = [part(1, 1, 'Old '), part(2, 3, 'New '), part(3, 3, 'words')];
  expect(unfinished([], parts)).toBeUndefined();
  expect(unfinished([ask(1), say(2), ask(3)], parts)).toBe('New words');
  expect(unfinished([ask(5)], parts)).toBe('');
  expect(unfinished([ask(1), say(2), ask(3), say(4)], parts)).toBeUndefined();
});
