import { describe, expect, it } from 'vitest';
import { createMeter } from './meter.js';

describe('the meter', () => {
  it('knows from the numbers what arrived and what was merged, a second', () => {
    const meter = createMeter(1000);
    meter.begin('A', 10, 1000);
    meter.add('A', { n: 11, storedAt: 1100 }, 5);
    meter.add('A', { n: 15, storedAt: 1400 }, 7);
    meter.add('B', { n: 100, storedAt: 1400 }, 9);
    expect(meter.measure(3000)).toEqual({
      received: 1.5,
      merged: 1.5,
      latency: { medianMs: 7, highMs: 9, worstMs: 9 },
    });
    expect(meter.measure(4000)).toEqual({ received: 0, merged: 0, latency: undefined });
  });

  it('counts nothing for a symbol that was away, or for a market that began anew', () => {
    const meter = createMeter(0);
    meter.add('A', { n: 10, storedAt: 0 }, 1);
    meter.forget('A');
    meter.add('A', { n: 500, storedAt: 100 }, 1);
    meter.add('A', { n: 3, storedAt: 200 }, 1);
    meter.add('A', { n: 4, storedAt: 300 }, 1);
    expect(meter.measure(1000)).toMatchObject({ received: 4, merged: 0 });
  });

  it('calls nothing merged that happened while nobody watched: a page that opens on an old quote, or was away', () => {
    const meter = createMeter(0);
    // The store has the quote of an hour ago; the market went on without a watcher.
    meter.begin('A', 10, -3_600_000);
    meter.add('A', { n: 72_033, storedAt: 100 }, 1);
    meter.add('A', { n: 72_036, storedAt: 600 }, 1);
    expect(meter.measure(1000)).toMatchObject({ received: 2, merged: 2 });
    // Ten seconds without a connection.
    meter.add('A', { n: 72_500, storedAt: 10_600 }, 1);
    expect(meter.measure(2000)).toMatchObject({ received: 1, merged: 0 });
  });
});
