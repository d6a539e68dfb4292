import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearing, between, distanceKm, unwrapped, wrapped } from './geo.js';

const heathrow = { lng: -0.4619, lat: 51.4706 };
const kennedy = { lng: -73.7789, lat: 40.6398 };

describe('the globe', () => {
  it('is as far as it is known to be from London to New York', () => {
    expect(distanceKm(heathrow, kennedy)).toBeGreaterThan(5530);
    expect(distanceKm(heathrow, kennedy)).toBeLessThan(5560);
  });

  it('lets a great circle leave London north-west, and come to New York from the north-east', () => {
    expect(bearing(heathrow, kennedy)).toBeCloseTo(288, 0);
    expect(bearing(between(heathrow, kennedy, 0.99), kennedy)).toBeCloseTo(231.7, 0);
  });

  it('divides a great circle in proportion', () => {
    const point = fc.record({
      lng: fc.double({ min: -180, max: 180, noNaN: true }),
      lat: fc.double({ min: -80, max: 80, noNaN: true }),
    });
    fc.assert(
      fc.property(point, point, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, share) => {
        const km = distanceKm(a, b);
        fc.pre(km > 1 && km < 19_000);
        expect(distanceKm(a, between(a, b, share))).toBeCloseTo(km * share, 2);
      }),
    );
  });

  it('goes on over 180° without a jump', () => {
    expect(unwrapped(-179, 179)).toBe(181);
    expect(unwrapped(179, -179)).toBe(-181);
    expect(wrapped(181)).toBe(-179);
    expect(wrapped(-541)).toBe(179);
  });
});
