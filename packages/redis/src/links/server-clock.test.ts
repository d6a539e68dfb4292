import { describe, expect, it } from 'vitest';
import { ServerClock } from './server-clock.js';

describe('the clock of a server', () => {
  it('is known by the answer that came quickest, not by those that waited', () => {
    let elapsed = 0;
    const clock = new ServerClock(() => elapsed);
    const answer = (serverNow: number, delay: number) => {
      elapsed = serverNow - 1_000_000 + delay;
      clock.learn(serverNow);
    };
    answer(1_000_100, 5);
    answer(1_000_200, 3000);
    expect(clock.now()).toBe(1_003_195);
    answer(1_003_500, 2);
    expect(clock.now()).toBe(1_003_500);
  });

  it('is learned anew as time goes by, and at once where it was set', () => {
    let elapsed = 0;
    const clock = new ServerClock(() => elapsed);
    clock.learn(5000);
    elapsed = 10_000;
    clock.learn(14_000);
    expect(clock.now()).toBe(15_000);
    elapsed = 20_000;
    clock.learn(24_000);
    expect(clock.now()).toBe(24_000);
    clock.reset(1000);
    expect(clock.now()).toBe(1000);
  });

  it('is not known before anything was heard', () => {
    expect(new ServerClock(() => 5).now()).toBe(-Infinity);
  });
});
