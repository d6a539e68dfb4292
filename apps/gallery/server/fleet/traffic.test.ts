import { expect, it } from 'vitest';
import type { Report } from './fleet.js';
import { createTraffic } from './traffic.js';

const report: Report = [
  'S00001',
  { lng: 1.5, lat: 2, heading: 90, speed: 40, kind: 'ship', status: 'underway', route: 'NLRTM-SGSIN' },
];

it('tells what passed in a second, since it was last asked', () => {
  const traffic = createTraffic();
  expect(traffic.rates(1000)).toEqual({ updatesPerSecond: 0, bytesPerSecond: 0 });
  for (let i = 0; i < 30; i++) traffic.note(report);
  const bytes = new TextEncoder().encode(JSON.stringify(report)).length;
  expect(traffic.rates(3000)).toEqual({ updatesPerSecond: 15, bytesPerSecond: 15 * bytes });
  expect(traffic.rates(4000)).toEqual({ updatesPerSecond: 0, bytesPerSecond: 0 });
});
