import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

const draw = (random: Random, count = 5) => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('gives the same for the same seed and something else for another', () => {
    expect(draw(new Random(1))).toEqual(draw(new Random(1)));
    expect(draw(new Random(1))).not.toEqual(draw(new Random(2)));
  });

  it('has streams that do not notice each other', () => {
    const random = new Random(1);
    const alone = draw(random.stream('a'));
    draw(random, 100);
    const [a, b] = [random.stream('a'), random.stream('b')];
    draw(b, 100);
    expect(draw(a)).toEqual(alone);
    expect(draw(random.stream('b'))).not.toEqual(alone);
  });

  it('is even, and weighs as told', () => {
    const random = new Random('even');
    const counts = new Map<string, number>();
    for (let i = 0; i < 10_000; i++) {
      const key = random.weighted({ never: 0, one: 1, three: 3 });
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.get('never')).toBeUndefined();
    expect(Math.abs(counts.get('one')! - 2500)).toBeLessThan(200);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) buckets[random.below(10)]!++;
    for (const bucket of buckets) expect(Math.abs(bucket - 1000)).toBeLessThan(150);
    expect(random.id()).toHaveLength(22);
  });
});
