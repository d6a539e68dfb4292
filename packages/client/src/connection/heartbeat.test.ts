import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { Heartbeat } from './heartbeat.js';

const grace = 5_000;

function setUp(intervalMs = 25_000) {
  const clock = new VirtualClock();
  const told: (string | number)[] = [];
  const events = { ping: () => void told.push('ping'), onSilence: (ms: number) => void told.push(ms) };
  const heartbeat = new Heartbeat(clock, intervalMs, events);
  return { clock, told, heartbeat };
}

describe('HB-2: a connection', () => {
  it('is dead after the interval of the server and five seconds without a word', () => {
    const { clock, told } = setUp();
    clock.advance(29_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([30_000]);
  });

  it('lives as long as anything comes', () => {
    const { clock, told, heartbeat } = setUp();
    for (let i = 0; i < 20; i++) {
      clock.advance(29_000);
      heartbeat.heard();
    }
    expect(told).toEqual([]);
    clock.advance(30_000);
    expect(told).toEqual([30_000]);
  });

  it('has one timer, however much comes', () => {
    const { clock, heartbeat } = setUp();
    for (let i = 0; i < 100; i++) heartbeat.heard();
    expect(clock.timers).toBe(1);
    heartbeat.stop();
    expect(clock.timers).toBe(0);
  });

  it.each([
    ['one second', 1, 1_000],
    ['ten minutes', 1e9, 600_000],
  ])('takes no interval beyond %s from the server', (_, asked, intervalMs) => {
    const { clock, told } = setUp(asked);
    clock.advance(intervalMs + grace - 1);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([intervalMs + grace]);
  });
});

describe('a probe', () => {
  it('asks once, and finds the connection dead where nothing answers', () => {
    const { clock, told, heartbeat } = setUp();
    heartbeat.probe();
    heartbeat.probe();
    clock.advance(grace - 1);
    expect(told).toEqual(['ping']);
    clock.advance(1);
    expect(told).toEqual(['ping', grace]);
  });

  it('is over with its answer', () => {
    const { clock, told, heartbeat } = setUp();
    heartbeat.probe();
    heartbeat.heard();
    heartbeat.answered();
    clock.advance(29_999);
    expect(told).toEqual(['ping']);
    heartbeat.probe();
    expect(told).toEqual(['ping', 'ping']);
  });

  it('waits for its answer while other things come', () => {
    const { clock, told, heartbeat } = setUp();
    heartbeat.probe();
    for (let i = 0; i < 3; i++) {
      clock.advance(grace - 1);
      heartbeat.heard();
    }
    expect(told).toEqual(['ping']);
    clock.advance(grace);
    expect(told).toEqual(['ping', grace]);
  });
});

describe('after a sleep of the machine', () => {
  it('the connection is probed, and not taken for dead by the time slept', () => {
    const { clock, told } = setUp();
    clock.sleep(3_600_000);
    expect(told).toEqual(['ping']);
    clock.advance(grace);
    expect(told).toEqual(['ping', 3_600_000 + grace]);
  });

  it('a probe that was under way is made anew', () => {
    const { clock, told, heartbeat } = setUp();
    heartbeat.probe();
    clock.sleep(3_600_000);
    expect(told).toEqual(['ping', 'ping']);
    heartbeat.answered();
    heartbeat.heard();
    clock.advance(29_999);
    expect(told).toEqual(['ping', 'ping']);
  });
});

it('a clock that is set back makes nothing dead, and hides no silence for long', () => {
  const { clock, told } = setUp();
  clock.advance(10_000);
  clock.jump(-3_600_000);
  clock.advance(20_000);
  expect(told).toEqual([]);
  clock.advance(30_000);
  expect(told).toEqual([30_000]);
});
