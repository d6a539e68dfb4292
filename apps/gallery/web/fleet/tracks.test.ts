import { describe, expect, it } from 'vitest';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import { type Track, createTrack, positionOf } from './tracks.js';

const plane: Vehicle = {
  lng: 0,
  lat: 0,
  heading: 90,
  speed: 900,
  kind: 'aircraft',
  status: 'underway',
  route: 'LBV-NBO',
};
/** At the equator, a minute a second: 900 km/h are 15 km of the map in a second. */
const metersPerSecond = 15_000;

function shown(track: Track, now: number): { x: number; y: number } {
  const point = { x: NaN, y: NaN };
  track.at(now, point);
  return point;
}

describe('a track', () => {
  it('goes on by heading and speed until the next report', () => {
    const track = createTrack('A1', plane, 1000);
    expect(shown(track, 1000)).toEqual({ x: 0, y: expect.closeTo(0, 6) });
    expect(shown(track, 3000).x).toBeCloseTo(2 * metersPerSecond, 6);
    expect(shown(track, 3000).y).toBeCloseTo(0, 3);
  });

  it('moves faster over the map where Mercator draws larger', () => {
    const north = createTrack('A1', { ...plane, lat: 60 }, 0);
    expect(shown(north, 1000).x).toBeCloseTo(2 * metersPerSecond, 3);
  });

  it('stands when it is said to stand', () => {
    const track = createTrack('A1', { ...plane, status: 'stopped', speed: 0 }, 0);
    expect(shown(track, 10_000).x).toBe(0);
  });

  it('is not believed to go on for ever', () => {
    const track = createTrack('A1', plane, 0);
    expect(shown(track, 60_000)).toEqual(shown(track, 15_000));
  });

  it('glides to what is reported: without a jump at the report, and there after a second', () => {
    const track = createTrack('A1', plane, 0);
    const before = shown(track, 4000);
    const next = { ...plane, lng: 1 };
    track.report(next, 4000);
    const [x] = positionOf(next);
    expect(shown(track, 4000).x).toBeCloseTo(before.x, 6);
    expect(shown(track, 4500).x).toBeCloseTo((before.x + x) / 2 + metersPerSecond / 2, 3);
    expect(shown(track, 5000).x).toBeCloseTo(x + metersPerSecond, 3);
    expect(track.vehicle).toBe(next);
  });

  it('is put where it is when it was far away: over 180°, or after a long pause', () => {
    const track = createTrack('A1', { ...plane, lng: 179.9 }, 0);
    const next = { ...plane, lng: -179.9 };
    track.report(next, 4000);
    expect(shown(track, 4000).x).toBe(positionOf(next)[0]);
    expect(track.tail).toEqual(positionOf(next));
  });

  it('keeps a short tail of where it was reported', () => {
    const track = createTrack('A1', plane, 0);
    for (let i = 1; i <= 20; i++) track.report({ ...plane, lng: i / 10 }, i * 4000);
    expect(track.tail.length).toBe(8);
    expect(track.tail.slice(-2)).toEqual(positionOf({ lng: 2, lat: 0 }));
    expect(track.tail.slice(0, 2)).toEqual(positionOf({ lng: 1.7, lat: 0 }));
  });
});
