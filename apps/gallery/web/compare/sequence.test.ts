import { describe, expect, it } from 'vitest';
import { createSequence } from './sequence.js';

function after(...numbers: number[]) {
  const sequence = createSequence();
  for (const number of numbers) sequence.note(number);
  return sequence.counts;
}

describe('the check of a sequence', () => {
  it('begins with whatever comes first and is content with one after the other', () => {
    expect(after()).toEqual({ received: 0, lost: 0, repeated: 0, reordered: 0 });
    expect(after(7, 8, 9)).toEqual({ received: 3, lost: 0, repeated: 0, reordered: 0 });
  });

  it('counts what is missing, until it comes after all', () => {
    expect(after(1, 4)).toEqual({ received: 2, lost: 2, repeated: 0, reordered: 0 });
    expect(after(1, 4, 2, 3)).toEqual({ received: 4, lost: 0, repeated: 0, reordered: 2 });
  });

  it('counts what comes twice', () => {
    expect(after(1, 2, 2, 1)).toEqual({ received: 4, lost: 0, repeated: 2, reordered: 0 });
    expect(after(1, 3, 2, 2)).toEqual({ received: 4, lost: 0, repeated: 1, reordered: 1 });
  });
});
