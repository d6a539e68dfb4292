import { describe, expect, it } from 'vitest';
import type { Fence } from '../../shared/fleet/fences.js';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import type { Report } from './fleet.js';
import { createFenceWatch } from './fence-watch.js';

const fences: readonly Fence[] = [
  { id: 'round', name: 'Round', kind: 'ship', shape: { circle: [0, 60, 100] } },
  { id: 'inner', name: 'Inner', kind: 'ship', shape: { circle: [0, 60, 20] } },
  { id: 'square', name: 'Square', kind: 'aircraft', shape: { box: [10, 50, 12, 52] } },
];

const at = (lng: number, lat: number, kind: Vehicle['kind'] = 'ship', key = 'X'): Report => [
  key,
  { lng, lat, kind, heading: 0, speed: 40, status: 'underway', route: 'A-B' },
];

describe('fences', () => {
  it('tell who comes in and who goes out, once each', () => {
    const watch = createFenceWatch(fences);
    expect(watch.crossings(at(3, 60))).toEqual([]);
    // A degree of longitude has 56 km at 60° north.
    expect(watch.crossings(at(1.7, 60))).toEqual([{ vehicle: 'X', fence: 'round', crossing: 'enter' }]);
    expect(watch.crossings(at(1, 60))).toEqual([]);
    expect(watch.crossings(at(-2, 60))).toEqual([{ vehicle: 'X', fence: 'round', crossing: 'leave' }]);
    expect(watch.crossings(at(-3, 60))).toEqual([]);
  });

  it('tell of all that were crossed at once', () => {
    const watch = createFenceWatch(fences);
    watch.crossings(at(3, 60));
    expect(watch.crossings(at(0, 60)).map(({ fence }) => fence)).toEqual(['round', 'inner']);
    expect(watch.crossings(at(0, 60.5)).map(({ fence }) => fence)).toEqual(['inner']);
  });

  it('do not count somebody who is first seen inside as having come', () => {
    const watch = createFenceWatch(fences);
    expect(watch.crossings(at(0, 60))).toEqual([]);
    expect(watch.crossings(at(9, 60)).map(({ crossing }) => crossing)).toEqual(['leave', 'leave']);
  });

  it('take boxes, borders included, and only the kind that they are for', () => {
    const watch = createFenceWatch(fences);
    watch.crossings(at(9, 51, 'aircraft', 'A'));
    watch.crossings(at(9, 51, 'ship', 'S'));
    expect(watch.crossings(at(10, 50, 'aircraft', 'A'))).toEqual([
      { vehicle: 'A', fence: 'square', crossing: 'enter' },
    ]);
    expect(watch.crossings(at(11, 51, 'ship', 'S'))).toEqual([]);
  });

  it('keep vehicles apart', () => {
    const watch = createFenceWatch(fences);
    watch.crossings(at(3, 60, 'ship', 'S1'));
    watch.crossings(at(0, 60, 'ship', 'S2'));
    expect(watch.crossings(at(3, 60, 'ship', 'S1'))).toEqual([]);
    expect(watch.crossings(at(0, 60, 'ship', 'S2'))).toEqual([]);
  });
});
