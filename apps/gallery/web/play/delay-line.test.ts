import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DelayLine, type Faults, noFaults } from './delay-line.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(faults: Partial<Faults>, random = () => 0.5) {
  let current: Faults = { ...noFaults, ...faults };
  const line = new DelayLine(() => current, random);
  const arrived: string[] = [];
  return {
    arrived,
    line,
    send: (text: string) => line.pass(() => void arrived.push(text)),
    become: (next: Partial<Faults>) => (current = { ...noFaults, ...next }),
  };
}

it('passes on at once where nothing is wrong', () => {
  const { send, arrived } = open({});
  send('a');
  expect(arrived).toEqual(['a']);
});

it('takes half of the latency each way, and keeps the order where it is taken away', () => {
  const { send, arrived, become } = open({ latencyMs: 200 });
  send('a');
  vi.advanceTimersByTime(90);
  become({});
  send('b');
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(arrived).toEqual(['a', 'b']);
});

it('lets all wait behind what was lost', () => {
  const draws = [0, 0, 1, 0];
  const { send, arrived } = open({ latencyMs: 100, lossPercent: 10 }, () => draws.shift()!);
  send('lost');
  send('behind');
  vi.advanceTimersByTime(180);
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(arrived).toEqual(['lost', 'behind']);
});

it('spreads messages by the jitter, and never lets one overtake another', () => {
  const draws = [1, 1, 1, 0];
  const { send, arrived } = open({ jitterMs: 40 }, () => draws.shift()!);
  send('slow');
  send('quick');
  vi.advanceTimersByTime(39);
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(arrived).toEqual(['slow', 'quick']);
});

it('forgets what waits when it is cleared, also from within', () => {
  const { send, arrived, line } = open({ latencyMs: 100 });
  send('a');
  line.pass(() => line.clear());
  send('never');
  vi.advanceTimersByTime(1000);
  expect(arrived).toEqual(['a']);
});
