import { expect, it } from 'vitest';
import type { Interval } from '../processes/messages.js';
import { classOf } from '../workload/latency.js';
import { Timeline } from './timeline.js';

const interval = (at: number, more: Partial<Interval> = {}): Interval => ({
  ...{ at, until: at + 500, published: 0, acked: 0, delivered: 0, reconnects: 0, lagMs: 0, inflight: 0 },
  ...{ rejected: {}, resets: {}, diagnostics: {}, latencies: {}, ackLatencies: {} },
  ...more,
});
const sighting = (publishedAt: number, seenAt: number) => ({ publishedAt, seenAt, where: 'quiet/a somebody' });
const fault = (from: number, to: number) => ({
  ...({ kind: 'kill-node', target: 'node 0', node: 0, amount: 0 } as const),
  ...{ from, to },
});

it('sums what all processes say of a second', () => {
  const timeline = new Timeline(1000);
  timeline.onInterval(interval(1200, { published: 3, latencies: { [classOf(10)]: 1 } }));
  timeline.onInterval(interval(1900, { published: 4, resets: { trimmed: 2 }, latencies: { [classOf(10)]: 1 } }));
  timeline.onInterval(interval(2100, { published: 5 }));
  const [first, second] = timeline.seconds();
  expect(first).toMatchObject({ at: 0, published: 7, resets: 2 });
  expect(first!.p50).toBeGreaterThanOrEqual(10);
  expect(first!.p50).toBeLessThan(12.6);
  expect(second).toMatchObject({ at: 1, published: 5 });
  expect(timeline.totals.published).toBe(12);
});

it('takes a message that is noticed after two seconds for late, where nothing was wrong', () => {
  const timeline = new Timeline(0);
  timeline.onQuiet([sighting(50_000, 50_100), sighting(50_000, 52_100)]);
  expect(timeline.quiet(0)).toMatchObject({ checked: 2, excused: 0, late: [{ seenAt: 52_100 }] });
});

it('counts what was surely acknowledged in a time', () => {
  const timeline = new Timeline(0);
  for (const at of [1000, 1500, 2000, 2500]) timeline.onInterval(interval(at, { acked: 3 }));
  expect(timeline.ackedWithin({ from: 1200, to: 2600 })).toBe(6);
  expect(timeline.ackedWithin({ from: 1600, to: 2400 })).toBe(0);
});

it('judges none that a fault or a busy process excuses', () => {
  const timeline = new Timeline(0);
  timeline.faults.push(fault(20_000, 21_000));
  timeline.onInterval(interval(60_000, { lagMs: 900 }));
  timeline.onQuiet([sighting(22_000, 25_000), sighting(60_500, 63_000), sighting(40_000, 43_000)]);
  expect(timeline.quiet(0)).toMatchObject({ checked: 1, excused: 2, late: [{ publishedAt: 40_000 }] });
});
