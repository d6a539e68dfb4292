import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flatten, readLand } from './land.js';

const file = fileURLToPath(import.meta.resolve('world-atlas/countries-50m.json'));

describe('land on a flat map', () => {
  it('goes on beyond 180°, and comes in again on the other side', () => {
    const across = [
      [170, 60],
      [-170, 60],
      [-170, 70],
      [170, 70],
      [170, 60],
    ];
    expect(flatten([across]).map(([ring]) => ring!.map(([lng]) => lng))).toEqual([
      [170, 190, 190, 170, 170],
      [-190, -170, -170, -190, -190],
    ]);
  });

  it('is left as it is where it crosses nothing', () => {
    const square = [
      [10, 10],
      [20, 10],
      [20, 20],
      [10, 10],
    ];
    expect(flatten([square])).toEqual([[square]]);
  });

  it('is closed below a coast that goes around the pole', () => {
    const coast = [-180, -90, 0, 90, 180].map((lng) => [lng, -70]);
    expect(flatten([coast])[0]![0]).toEqual([...coast, [180, -90], [-180, -90], [-180, -70]]);
  });

  it('has no country that is drawn across the map: none of the world’s jumps', () => {
    const land = readLand(JSON.parse(readFileSync(file, 'utf8')));
    expect(land.length).toBeGreaterThan(200);
    const half = 20_000_000;
    for (const feature of land) {
      const [minX, , maxX] = feature.getGeometry()!.getExtent() as [number, number, number, number];
      expect(Number.isFinite(maxX - minX)).toBe(true);
      const geometry = feature.getGeometry()! as unknown as { getCoordinates(): number[][][][] };
      for (const ring of geometry.getCoordinates().flat()) {
        ring.slice(1).forEach(([x], i) => {
          const isBorderOfMap = Math.abs(ring[i + 1]![1]!) > half;
          if (!isBorderOfMap) expect(Math.abs(x! - ring[i]![0]!)).toBeLessThan(half);
        });
      }
    }
  });
});
