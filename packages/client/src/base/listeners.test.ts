import { expect, it } from 'vitest';
import { Listeners } from './listeners.js';

const ignore = { reportError: () => undefined };

it('calls one that was added twice twice, and removes it once for each function that was returned', () => {
  const listeners = new Listeners<[number]>();
  const told: number[] = [];
  const listener = (value: number): void => void told.push(value);
  const stop = listeners.add(listener);
  listeners.add(listener);
  listeners.tell(ignore, 1);
  stop();
  stop();
  listeners.tell(ignore, 2);
  expect([told, listeners.size]).toEqual([[1, 1, 2], 1]);
});

it('reports one that throws, and tells the others', () => {
  const listeners = new Listeners<[]>();
  const errors: unknown[] = [];
  const told: string[] = [];
  listeners.add(() => {
    throw new Error('of the application');
  });
  listeners.add(() => told.push('other'));
  listeners.tell({ reportError: (error) => errors.push(error) });
  expect([told, errors]).toEqual([['other'], [new Error('of the application')]]);
});

it('tells those that are there when it begins', () => {
  const listeners = new Listeners<[]>();
  const told: string[] = [];
  listeners.add(() => {
    told.push('first');
    listeners.add(() => told.push('late'));
  });
  listeners.tell(ignore);
  expect(told).toEqual(['first']);
});

it('refuses what is no function by the name of the argument', () => {
  expect(() => new Listeners().add(5 as never, 'handler')).toThrow('handler is 5');
});
