import { maxInflight } from '@longwave/protocol';
import { expect, it } from 'vitest';
import { Answers } from './answers.js';

const done = (id: number) => ({ type: 'done', id }) as const;

it('hands an answer to whoever asked, once', () => {
  const answers = new Answers();
  const seen: number[] = [];
  answers.expect(1, () => void seen.push(1));
  answers.expect(2, () => void seen.push(2));
  answers.settle(2, done(2));
  answers.settle(2, done(2));
  answers.settle(1, done(1));
  expect(seen).toEqual([2, 1]);
});

it('LIM-1: is full with as many as the server takes, those included that the caller has given up', () => {
  const answers = new Answers();
  for (let id = 1; id <= maxInflight; id++) {
    expect(answers.full).toBe(false);
    answers.count(id);
    answers.expect(id, () => expect.unreachable('it was forgotten'));
  }
  answers.forget(1);
  expect(answers.full).toBe(true);
  answers.settle(1, done(1));
  expect(answers.full).toBe(false);
});

it('tells once when nothing is in flight, and else of room', () => {
  const answers = new Answers();
  const told: string[] = [];
  answers.onRoom = () => void told.push('room');
  answers.onIdle = () => void told.push('idle');
  for (const id of [1, 2]) {
    answers.count(id);
    answers.expect(id, () => void told.push(`answer ${id}`));
  }
  answers.settle(1, done(1));
  answers.settle(2, done(2));
  answers.settle(3, done(3));
  expect(told).toEqual(['answer 1', 'room', 'answer 2', 'idle', 'room']);
});

it('drops what is in flight alone, or everything', () => {
  const answers = new Answers();
  const seen: number[] = [];
  answers.count(1);
  for (const id of [1, 2, 3]) answers.expect(id, () => void seen.push(id));
  answers.dropInflight();
  expect(answers.idle).toBe(true);
  answers.settle(1, done(1));
  answers.settle(2, done(2));
  answers.clear();
  answers.settle(3, done(3));
  expect(seen).toEqual([2]);
});
