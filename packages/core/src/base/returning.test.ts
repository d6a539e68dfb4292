import { expect, it } from 'vitest';
import { Returning } from './returning.js';

it('keeps the place of one that returns, without its value, until a sweep', () => {
  const map = new Returning<number>();
  map.set('stays', 1);
  for (const key of ['returns', 'late']) {
    map.set(key, 2);
    map.delete(key, true);
    expect([map.get(key), map.size]).toEqual([undefined, key === 'late' ? 3 : 2]);
  }
  map.set('returns', 3);
  map.set('gone', 4);
  map.delete('gone', false);
  expect(map.size).toBe(3);
  map.sweep();
  expect([map.size, map.get('stays'), map.get('returns'), map.get('late')]).toEqual([2, 1, 3, undefined]);
});

it('keeps no more than ten thousand places, and gives up a thousand a second', () => {
  const map = new Returning<number>();
  for (let i = 0; i < 20_000; i++) map.set(`k${i}`, i);
  for (let i = 0; i < 20_000; i++) map.delete(`k${i}`, true);
  expect(map.size).toBe(10_000);
  for (let left = 9000; left >= 0; left -= 1000) {
    map.sweep();
    expect(map.size).toBe(left);
  }
  map.set('again', 1);
  map.delete('again', true);
  map.sweep();
  map.sweep();
  expect(map.size).toBe(0);
});
