import { describe, expect, it } from 'vitest';
import { createMeter } from './meter.js';

describe('the meter', () => {
  it('knows from the numbers what arrived and what was merged, a second', () => {
    const meter = createMeter(1000);
    meter.begin('A', 10);
    meter.add('A', 11, 5);
    meter.add('A', 15, 7);
    meter.add('B', 100, 9);
    expect(meter.measure(3000)).toEqual({
      received: 1.5,
      merged: 1.5,
      latency: { medianMs: 7, highMs: 9, worstMs: 9 },
    });
    expect(meter.measure(4000)).toEqual({ received: 0, merged: 0, latency: undefined });
  });

  it('counts nothing for a symbol that was away, or for a market that began anew', () => {
    const meter = createMeter(0);
    meter.add('A', 10, 1);
    meter.forget('A');
    meter.add('A', 500, 1);
    meter.add('A', 3, 1);
    meter.add('A', 4, 1);
    expect(meter.measure(1000)).toMatchObject({ received: 4, merged: 0 });
  });
});
