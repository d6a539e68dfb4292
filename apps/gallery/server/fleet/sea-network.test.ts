import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allPlaces } from '../../shared/fleet/places.js';
import { type LngLat, distanceKm } from './geo.js';
import lanes from './sea-network.json' with { type: 'json' };
import { createSeaNetwork } from './sea-network.js';

const port = (code: string): LngLat => allPlaces.find((place) => place.code === code)!;
const lengthOf = (way: readonly LngLat[]): number =>
  way.slice(1).reduce((km, point, i) => km + distanceKm(way[i]!, point), 0);
const passes = (way: readonly LngLat[], point: LngLat, km: number): boolean =>
  way.some((each) => distanceKm(each, point) < km);

describe('the shipping lanes', () => {
  const sea = createSeaNetwork(lanes);

  it('lead from Rotterdam to Singapore through the Suez Canal, as far as ships say it is', () => {
    const way = sea.waysFrom(port('NLRTM'))(port('SGSIN'));
    expect(way[0]).toBe(port('NLRTM'));
    expect(way.at(-1)).toBe(port('SGSIN'));
    expect(passes(way, { lng: 32.55, lat: 29.95 }, 60)).toBe(true);
    expect(lengthOf(way)).toBeGreaterThan(14_500);
    expect(lengthOf(way)).toBeLessThan(16_500);
  });

  it('lead from Tokyo to Los Angeles over 180°, not around the world', () => {
    const way = sea.waysFrom(port('JPTYO'))(port('USLAX'));
    expect(lengthOf(way)).toBeLessThan(10_500);
    expect(way.every(({ lng }) => Math.abs(lng) > 115)).toBe(true);
  });

  it('are as long in both directions', () => {
    const there = sea.waysFrom(port('BRSSZ'))(port('CNSHA'));
    const back = sea.waysFrom(port('CNSHA'))(port('BRSSZ'));
    expect(lengthOf(there)).toBeCloseTo(lengthOf(back), 6);
  });

  it('give the shortest way in any network: none by a detour over a third node is shorter', () => {
    const degrees = fc.integer({ min: -60, max: 60 });
    const network = fc
      .integer({ min: 4, max: 12 })
      .chain((size) =>
        fc.record({
          // The second of two nodes at one place would never be the nearest.
          places: fc.uniqueArray(fc.tuple(degrees, degrees), {
            ...{ minLength: size, maxLength: size },
            selector: String,
          }),
          extra: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 }),
        }),
      )
      .map(({ places, extra }) => {
        const nodes = places.flat();
        const chain = Array.from({ length: nodes.length / 2 - 1 }, (_, i) => [i, i + 1]);
        return { nodes, edges: [...chain, ...extra].flat() };
      });
    fc.assert(
      fc.property(network, ({ nodes, edges }) => {
        const small = createSeaNetwork({ nodes, edges });
        const points = Array.from({ length: nodes.length / 2 }, (_, i) => ({
          lng: nodes[2 * i]!,
          lat: nodes[2 * i + 1]!,
        }));
        const km = points.map((from) => points.map((to) => lengthOf(small.waysFrom(from)(to))));
        for (let a = 0; a < points.length; a++)
          for (let b = 0; b < points.length; b++)
            for (let c = 0; c < points.length; c++)
              expect(km[a]![b]!).toBeLessThanOrEqual(km[a]![c]! + km[c]![b]! + 1e-6);
        for (let i = 0; i < edges.length; i += 2) {
          const [a, b] = [edges[i]!, edges[i + 1]!];
          expect(km[a]![b]!).toBeLessThanOrEqual(distanceKm(points[a]!, points[b]!) + 1e-6);
        }
      }),
      { numRuns: 50 },
    );
  });
});
