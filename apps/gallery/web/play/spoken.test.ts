import { expect, it } from 'vitest';
import { Spoken } from './spoken.js';

it('says one thing at a time, the weightiest first, and makes a pause', () => {
  const spoken = new Spoken(1000);
  spoken.say('A spark', 1);
  expect(spoken.advance(0)).toBe(true);
  expect(spoken.text).toBe('A spark');
  spoken.say('Hit', 2);
  spoken.say('Another spark', 1);
  expect(spoken.advance(999)).toBe(false);
  spoken.say('Hit again', 2);
  expect([spoken.advance(1000), spoken.text]).toEqual([true, 'Hit again']);
  expect(spoken.advance(5000)).toBe(false);
  spoken.say('Hit again', 2);
  expect([spoken.advance(5001), spoken.text]).toEqual([true, 'Hit again ']);
});
