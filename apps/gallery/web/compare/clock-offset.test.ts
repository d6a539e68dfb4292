import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClockOffset } from './clock-offset.js';

describe('the offset of the clocks', () => {
  it('is not known before the first answer', () => {
    expect(createClockOffset().estimate()).toBeUndefined();
  });

  it('comes from the quickest round trip', () => {
    const clock = createClockOffset();
    clock.add({ askedAt: 100, serverTime: 1190, answeredAt: 300 });
    clock.add({ askedAt: 400, serverTime: 1402, answeredAt: 404 });
    clock.add({ askedAt: 500, serverTime: 1580, answeredAt: 600 });
    expect(clock.estimate()).toEqual({ offsetMs: 1000, uncertaintyMs: 2, samples: 3 });
  });

  it('is never further off than it says, whatever the two ways took', () => {
    const ms = fc.double({ min: 0, max: 5000, noNaN: true });
    const trips = fc.array(fc.tuple(ms, ms), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), trips, (trueOffset, ways) => {
        const clock = createClockOffset();
        ways.forEach(([up, down], i) => {
          const askedAt = i * 20_000;
          clock.add({ askedAt, serverTime: askedAt + up + trueOffset, answeredAt: askedAt + up + down });
        });
        const { offsetMs, uncertaintyMs } = clock.estimate()!;
        expect(Math.abs(offsetMs - trueOffset)).toBeLessThanOrEqual(uncertaintyMs + 1e-6);
      }),
    );
  });
});
