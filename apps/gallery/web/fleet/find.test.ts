import { describe, expect, it } from 'vitest';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import { type Found, type Seen, find } from './find.js';

const seen: readonly Seen[] = ['S00042', 'S00421', 'A00042'].map((key): Seen => {
  const vehicle: Vehicle = {
    lng: 0,
    lat: 0,
    heading: 0,
    speed: 30,
    kind: key.startsWith('S') ? 'ship' : 'aircraft',
    status: 'underway',
    route: key.startsWith('S') ? 'NLRTM-SGSIN' : 'LHR-JFK',
  };
  return { key, vehicle };
});

const ids = (found: readonly Found[]): string[] => found.map(({ kind, id }) => `${kind} ${id}`);

describe('finding', () => {
  it('nothing in particular shows what is seen', () => {
    expect(ids(find(' ', seen))).toEqual(['vehicle S00042', 'vehicle S00421', 'vehicle A00042']);
  });

  it('a vehicle takes its key, short or whole, on the map or not', () => {
    expect(ids(find('s42', seen))[0]).toBe('vehicle S00042');
    expect(ids(find('S00042', seen))).toEqual(['vehicle S00042']);
    const elsewhere = find('a7999', seen);
    expect(ids(elsewhere)).toEqual(['vehicle A07999']);
    expect(elsewhere[0]).toMatchObject({ vehicle: undefined });
  });

  it('a place takes its code, its name or its country, the best first', () => {
    expect(ids(find('jfk', seen))[0]).toBe('place JFK');
    expect(ids(find('singap', seen))).toContain('place SGSIN');
    expect(ids(find('são paulo', seen))).toEqual(ids(find('sao paulo', seen)));
    expect(ids(find('iceland', seen))).toEqual(expect.arrayContaining(['fence iceland', 'place KEF']));
  });

  it('a place also finds who is on the way to it or from it', () => {
    expect(ids(find('sgsin', seen))).toEqual(['place SGSIN', 'vehicle S00042', 'vehicle S00421']);
  });

  it('gives a few, and nothing for what is nothing', () => {
    expect(find('a', seen).length).toBeLessThanOrEqual(8);
    expect(find('xyzzy', seen)).toEqual([]);
  });
});
