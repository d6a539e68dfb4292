import type { NetStats } from 'longwave/rooms';
import { expect, it } from 'vitest';
import { NetMeter } from './net-meter.js';

const stats = (more: Partial<NetStats>): NetStats => ({
  ...{ rttMs: 20, jitterMs: 1, delayMs: 80, snapshots: 0, bytesDown: 0, bytesUp: 0 },
  ...{ desyncs: 0, corrections: 0, lastCorrection: 0, lead: 0 },
  ...more,
});

it('makes rates of counts, over the last two seconds', () => {
  const meter = new NetMeter();
  expect(meter.note(stats({ snapshots: 100 }), { down: 5000, up: 500 }, 60, 0)).toMatchObject({ snapshots: 0 });
  const after = meter.note(stats({ snapshots: 110, corrections: 1 }), { down: 7000, up: 600 }, 90, 500);
  expect(after).toMatchObject({ snapshots: 20, corrections: 2, bytesDown: 4000, bytesUp: 200, tick: 90, rttMs: 20 });
  for (let at = 1000; at <= 10_000; at += 500) meter.note(stats({ snapshots: 110 }), { down: 7000, up: 600 }, 0, at);
  expect(meter.history.at(-1)).toMatchObject({ snapshots: 0, bytesDown: 0 });
});

it('begins anew with a room that counts anew', () => {
  const meter = new NetMeter();
  meter.note(stats({ snapshots: 100 }), { down: 5000, up: 500 }, 60, 0);
  const anew = meter.note(stats({ snapshots: 1 }), { down: 5100, up: 500 }, 4, 1000);
  expect(anew).toMatchObject({ snapshots: 0, bytesDown: 0 });
});

it('keeps no more than the graph shows', () => {
  const meter = new NetMeter();
  for (let i = 0; i < 500; i++) meter.note(stats({}), { down: 0, up: 0 }, 0, i * 250);
  expect(meter.history).toHaveLength(120);
});
