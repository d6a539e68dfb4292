import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceKm } from './geo.js';
import { createRoute } from './route.js';

const tokyo = { lng: 139.7811, lat: 35.5533 };
const losAngeles = { lng: -118.4081, lat: 33.9425 };
const corner = { lng: -170, lat: 50 };

describe('a route', () => {
  const route = createRoute('HND', 'LAX', [tokyo, corner, losAngeles]);

  it('begins and ends where it says, and is as long as its parts', () => {
    expect(route.id).toBe('HND-LAX');
    expect(distanceKm(route.at(0), tokyo)).toBeLessThan(0.01);
    expect(distanceKm(route.at(route.lengthKm), losAngeles)).toBeLessThan(0.01);
    expect(route.lengthKm).toBeCloseTo(distanceKm(tokyo, corner) + distanceKm(corner, losAngeles), 6);
  });

  it('stays on the great circles through its corners, wherever one is on it', () => {
    const first = distanceKm(tokyo, corner);
    fc.assert(
      fc.property(fc.double({ min: 0, max: route.lengthKm, noNaN: true }), (km) => {
        const spot = route.at(km);
        const [from, to, done] = km <= first ? [tokyo, corner, km] : [corner, losAngeles, km - first];
        // On the shortest way, the ways to both ends add up to it.
        expect(distanceKm(from, spot) + distanceKm(spot, to)).toBeCloseTo(distanceKm(from, to), 1);
        expect(Math.abs(distanceKm(from, spot) - done)).toBeLessThan(1);
        expect(Math.abs(spot.lng)).toBeLessThanOrEqual(180);
      }),
    );
  });

  it('has longitudes that go on over 180°', () => {
    for (let i = 2; i < route.points.length; i += 2) {
      expect(Math.abs(route.points[i]! - route.points[i - 2]!)).toBeLessThan(3);
    }
  });

  it('heads where it goes', () => {
    const { heading } = route.at(10);
    expect(heading).toBeGreaterThan(40);
    expect(heading).toBeLessThan(60);
  });

  it('ends at its ends, whatever is asked', () => {
    expect(route.at(-5)).toEqual(route.at(0));
    expect(route.at(route.lengthKm + 5)).toEqual(route.at(route.lengthKm));
  });

  it('takes no piece from a corner that is named twice', () => {
    const twice = createRoute('HND', 'LAX', [tokyo, tokyo, corner, losAngeles]);
    expect(twice.lengthKm).toBe(route.lengthKm);
    expect(twice.at(1)).toEqual(route.at(1));
  });
});
