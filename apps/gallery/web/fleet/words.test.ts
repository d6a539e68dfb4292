import { expect, it } from 'vitest';
import type { Vehicle } from '../../shared/fleet/fleet.js';
import { headingWords, positionWords, routeWords, speedWords, statusWords } from './words.js';

const ship: Vehicle = {
  lng: -3.2,
  lat: 51.12345,
  heading: 315,
  speed: 37,
  kind: 'ship',
  status: 'underway',
  route: 'NLRTM-SGSIN',
};

it('says of a vehicle what a person would', () => {
  expect(routeWords(ship)).toBe('Rotterdam → Singapore');
  expect(speedWords(ship)).toBe('37 km/h (20 kn)');
  expect(speedWords({ ...ship, kind: 'aircraft', speed: 840 })).toBe('840 km/h');
  expect(positionWords(ship)).toBe('51.123° N, 3.200° W');
  expect(headingWords(315)).toBe('315°, north-west');
  expect(headingWords(359)).toBe('359°, north');
  expect(statusWords(ship)).toBe('Under way');
  expect(statusWords({ ...ship, status: 'stopped' })).toBe('In port');
});

it('has the codes where it does not know a place', () => {
  expect(routeWords({ route: 'XXXXX-NLRTM' })).toBe('XXXXX-NLRTM → Rotterdam');
});
