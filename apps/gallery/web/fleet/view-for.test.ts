import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, viewFor } from './view-for.js';

const europe: Box = [-40, 20, 55, 65];

const hundredths = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map((n) => n / 100);

describe('what is asked for', () => {
  it('is the whole world, seldom, when all of it is seen', () => {
    expect(viewFor({ box: [-180, -60, 180, 75], kind: 'all' })).toEqual({ rate: 0.1 });
  });

  it('is a part of it, the oftener the closer', () => {
    const rates = [95, 50, 10, 1].map((width) => viewFor({ box: [0, 0, width, width / 2], kind: 'all' }).rate!);
    expect(rates).toEqual(rates.toSorted((a, b) => a - b));
    expect(new Set(rates).size).toBe(rates.length);
  });

  it('is one kind only, when that is chosen', () => {
    expect(viewFor({ box: europe, kind: 'ship' }).where).toEqual({ kind: 'ship' });
    expect(viewFor({ box: europe, kind: 'all' }).where).toBeUndefined();
  });

  it('stays the same while the map moves a little', () => {
    const moved: Box = [-39.5, 20.5, 55.5, 65.5];
    expect(viewFor({ box: moved, kind: 'all' })).toEqual(viewFor({ box: europe, kind: 'all' }));
  });

  it('has all that is seen, not much more, and lies within the world', () => {
    const seen = fc
      .record({
        lng: hundredths(-180, 170),
        lat: hundredths(-80, 70),
        width: hundredths(0.05, 290),
        height: hundredths(0.05, 100),
      })
      .map(({ lng, lat, width, height }): Box => [lng, lat, Math.min(180, lng + width), Math.min(85, lat + height)]);
    fc.assert(
      fc.property(seen, (box) => {
        const asked = viewFor({ box, kind: 'all' }).area!.box!;
        const width = Math.max(0.01, box[2] - box[0]);
        expect(asked[0]).toBeLessThanOrEqual(box[0]);
        expect(asked[1]).toBeLessThanOrEqual(box[1]);
        expect(asked[2]).toBeGreaterThanOrEqual(box[2]);
        expect(asked[3]).toBeGreaterThanOrEqual(box[3]);
        expect(asked[2] - asked[0]).toBeLessThanOrEqual(width * 1.4);
        expect(Math.max(...asked.map(Math.abs))).toBeLessThanOrEqual(180);
      }),
    );
  });
});
