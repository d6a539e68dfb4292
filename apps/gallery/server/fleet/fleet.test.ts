import { beforeAll, describe, expect, it } from 'vitest';
import { Vehicle } from '../../shared/fleet/fleet.js';
import { distanceKm } from './geo.js';
import { type Fleet, type Report, createFleet } from './fleet.js';
import type { Journeys } from './journeys.js';
import { createRandom } from '../random.js';
import { planSmallWorld } from './testing/small-world.js';

let journeys: Journeys;
beforeAll(async () => {
  journeys = await planSmallWorld(1);
});

const fleetOf = (seed: number): Fleet =>
  createFleet({ journeys, random: createRandom(seed), counts: { ship: 60, aircraft: 40 } });

function advance(fleet: Fleet, ticks: number): Report[] {
  return Array.from({ length: ticks }, () => fleet.advance()).flat();
}

/** How far a point is from a route, by its pieces of at most 100 km. */
function kmFromRoute({ lng, lat, route }: Vehicle): number {
  const found = journeys.routes.get(route)!;
  let least = Infinity;
  for (let km = 0; km <= found.lengthKm + 5; km += 5) least = Math.min(least, distanceKm(found.at(km), { lng, lat }));
  return least;
}

describe('a fleet', () => {
  it('is the same after as many ticks for the same seed, and another for another', () => {
    expect(advance(fleetOf(7), 500)).toEqual(advance(fleetOf(7), 500));
    expect(advance(fleetOf(7), 500)).not.toEqual(advance(fleetOf(8), 500));
  });

  it('reports what the contract allows, and only from where its routes go', () => {
    const reports = advance(fleetOf(7), 200);
    for (const [key, vehicle] of reports) {
      expect(Vehicle.parse(vehicle)).toEqual(vehicle);
      expect(key).toMatch(vehicle.kind === 'ship' ? /^S\d{5}$/ : /^A\d{5}$/);
      // It may be anywhere between two of the points that are looked at.
      expect(kmFromRoute(vehicle), `${key} on ${vehicle.route}`).toBeLessThan(3);
    }
  });

  it('hears from every ship each 8 seconds and every aircraft each 4, spread over the ticks', () => {
    const fleet = fleetOf(7);
    const perTick = Array.from({ length: 80 }, () => fleet.advance());
    const counts = new Map<string, number>();
    for (const [key] of perTick.flat()) counts.set(key, (counts.get(key) ?? 0) + 1);
    expect(counts.size).toBe(100);
    const arrived = new Set(perTick.flat().flatMap(([key, { status }]) => (status === 'stopped' ? [key] : [])));
    for (const [key, times] of counts) {
      if (!arrived.has(key)) expect(times, key).toBe(key.startsWith('S') ? 1 : 2);
    }
    expect(arrived.size).toBeLessThan(10);
    expect(Math.max(...perTick.map((reports) => reports.length))).toBeLessThanOrEqual(2);
  });

  it('moves nobody faster than it says, from one report to the next', () => {
    // Digits are cut off, and within a piece of 100 km degrees are not quite kilometers.
    const nearly = 1.005;
    const before = new Map<string, Vehicle>();
    for (const [key, vehicle] of advance(fleetOf(7), 800)) {
      const last = before.get(key);
      before.set(key, vehicle);
      if (last?.status !== 'underway' || vehicle.status !== 'underway') continue;
      const hours = vehicle.kind === 'ship' ? 480 / 3600 : 240 / 3600;
      expect(distanceKm(last, vehicle)).toBeLessThan((vehicle.speed + 1) * hours * nearly);
    }
  });

  it('says once who has arrived, is silent about who stands, and says who goes on from there', () => {
    const byKey = new Map<string, Report[]>();
    for (const report of advance(fleetOf(7), 20_000)) byKey.set(report[0], [...(byKey.get(report[0]) ?? []), report]);
    let arrivals = 0;
    for (const reports of byKey.values()) {
      reports.forEach(([, vehicle], i) => {
        const next = reports[i + 1]?.[1];
        if (vehicle.status !== 'stopped' || !next) return;
        arrivals++;
        expect(vehicle.speed).toBe(0);
        expect(next.status).toBe('underway');
        expect(next.route.startsWith(`${vehicle.route.split('-')[1]}-`)).toBe(true);
        expect(distanceKm(vehicle, next)).toBeLessThan(0.1);
      });
    }
    expect(arrivals).toBeGreaterThan(50);
  });

  it('counts who is under way', () => {
    const fleet = fleetOf(7);
    expect(fleet.underway()).toBe(100);
    advance(fleet, 20_000);
    const moving = fleet.reports().filter(([, { status }]) => status === 'underway').length;
    expect(fleet.underway()).toBe(moving);
    expect(moving).toBeLessThan(100);
  });
});
