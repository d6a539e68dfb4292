import { describe, expect, it } from 'vitest';
import { Host } from './checking/host.js';
import { Random } from './random.js';
import { VirtualClock } from './virtual-clock.js';

const make = (seed = 1) => {
  const clock = new VirtualClock(new Random(seed));
  const log: unknown[] = [];
  const run = (until: number) => {
    while (clock.step(until));
  };
  return { clock, log, run };
};

describe('VirtualClock', () => {
  it('tells timers from what is under way, whether it is run or cancelled', () => {
    const { clock, run } = make();
    const timer = clock.after(5, () => undefined, true);
    const message = clock.after(10, () => undefined);
    clock.after(20, () => undefined);
    expect(clock.underWay).toBe(2);
    message.cancel();
    message.cancel();
    timer.cancel();
    expect(clock.underWay).toBe(1);
    run(20);
    expect(clock.underWay).toBe(0);
  });

  it('says whether something is due, of which nothing is that was cancelled, and when something is planned', () => {
    const { clock } = make();
    let plans = 0;
    clock.onPlan = () => plans++;
    const early = clock.after(5, () => undefined);
    clock.after(10, () => undefined);
    expect([plans, clock.isDue(4), clock.isDue(5)]).toEqual([2, false, true]);
    early.cancel();
    expect([clock.isDue(9), clock.isDue(10)]).toEqual([false, true]);
  });

  it('runs events in the order of their times, and not what was cancelled', () => {
    const { clock, log, run } = make();
    const random = new Random('times');
    const times = Array.from({ length: 500 }, () => random.between(0, 100));
    const events = times.map((time) => clock.at(time, () => log.push(time)));
    events.forEach((event, i) => i % 3 === 0 && event.cancel());
    run(Infinity);
    expect(log).toEqual(times.filter((_, i) => i % 3 !== 0).toSorted((a, b) => a - b));
  });

  it('leaves what is later for later', () => {
    const { clock, log, run } = make();
    clock.after(10, () => log.push(clock.time));
    clock.after(5, () => clock.after(3, () => log.push(clock.time)));
    run(9);
    expect(log).toEqual([8]);
    run(10);
    expect(log).toEqual([8, 10]);
  });

  it('runs equal times in an order that only the seed decides', () => {
    const orders = [1, 1, 2].map((seed) => {
      const { clock, log, run } = make(seed);
      for (let i = 0; i < 20; i++) clock.at(1, () => log.push(i));
      run(1);
      return log.join();
    });
    expect(orders[0]).toBe(orders[1]);
    expect(orders[0]).not.toBe(orders[2]);
  });
});

describe('Host', () => {
  const makeHost = () => {
    const world = make();
    return { ...world, host: new Host('host', world.clock, new Random('host')) };
  };

  it('has a clock that jumps while its timers run on', () => {
    const { clock, host, log, run } = makeHost();
    const before = host.now();
    host.setTimer(() => log.push('fired'), 100);
    host.jump(-3_600_000);
    expect(host.now()).toBe(before - 3_600_000);
    run(99);
    expect([log, host.timers]).toEqual([[], 1]);
    run(110);
    expect([log, host.timers]).toEqual([['fired'], 0]);
    expect(clock.time).toBeGreaterThanOrEqual(100);
  });

  it('holds back what comes while it is suspended, and keeps its order before anything new', () => {
    const { clock, host, log, run } = makeHost();
    host.suspend();
    host.setTimer(() => log.push('timer'), 1);
    host.run(() => log.push('first'));
    clock.after(10, () => host.run(() => log.push('second')));
    run(20);
    expect(log).toEqual([]);
    clock.after(0, () => host.resume());
    clock.after(0.0005, () => host.run(() => log.push('new')));
    run(30);
    expect(log).toEqual(['first', 'timer', 'second', 'new']);
  });

  it('does nothing any more once it is stopped', () => {
    const { host, log, run } = makeHost();
    host.setTimer(() => log.push('timer'), 1);
    host.suspend();
    host.stop();
    host.resume();
    host.run(() => log.push('work'));
    run(10);
    expect(log).toEqual([]);
  });
});
